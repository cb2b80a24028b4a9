/**
 * UTF-8, by hand: the machine runs where there may be no TextEncoder, and Go's rules for invalid
 * bytes differ. A byte that is no part of valid UTF-8 stands in a JavaScript string as the lone
 * surrogate U+DC80 … U+DCFF, so that every byte string survives the way there and back.
 */

const INVALID = 0xdc00;

/** The bytes of a text. */
export function encode(text: string): Uint8Array {
  const bytes: number[] = [];
  for (let i = 0; i < text.length; i++) {
    let rune = text.charCodeAt(i);
    if (rune < 0x80) {
      bytes.push(rune);
      continue;
    }
    if (rune >= 0xdc80 && rune <= 0xdcff) {
      bytes.push(rune - INVALID);
      continue;
    }
    if (rune >= 0xd800 && rune < 0xdc00) {
      const low = text.charCodeAt(i + 1);
      if (low >= 0xdc00 && low < 0xe000) {
        rune = ((rune - 0xd800) << 10) + (low - 0xdc00) + 0x10000;
        i++;
      }
    }
    pushRune(bytes, rune);
  }
  return Uint8Array.from(bytes);
}

/** Appends the UTF-8 of a rune; what is no rune becomes U+FFFD, as in Go. */
export function pushRune(bytes: number[], rune: number): void {
  if (rune < 0 || rune > 0x10ffff || (rune >= 0xd800 && rune < 0xe000)) rune = 0xfffd;
  if (rune < 0x80) bytes.push(rune);
  else if (rune < 0x800) bytes.push(0xc0 | (rune >> 6), 0x80 | (rune & 63));
  else if (rune < 0x10000) {
    bytes.push(0xe0 | (rune >> 12), 0x80 | ((rune >> 6) & 63), 0x80 | (rune & 63));
  } else {
    bytes.push(0xf0 | (rune >> 18), 0x80 | ((rune >> 12) & 63));
    bytes.push(0x80 | ((rune >> 6) & 63), 0x80 | (rune & 63));
  }
}

/** The rune at byte `at` and its width; an invalid one is U+FFFD of width 1. */
export function decodeRune(bytes: Uint8Array, at: number): { rune: number; width: number } {
  const first = bytes[at];
  if (first < 0x80) return { rune: first, width: 1 };
  const width = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  let rune = first & (0xff >> (width + 1));
  let valid = first >= 0xc2 && first <= 0xf4 && at + width <= bytes.length;
  for (let i = 1; valid && i < width; i++) {
    const next = bytes[at + i];
    valid = (next & 0xc0) === 0x80;
    rune = (rune << 6) | (next & 63);
  }
  const least = width === 2 ? 0x80 : width === 3 ? 0x800 : 0x10000;
  if (!valid || rune < least || rune > 0x10ffff || (rune >= 0xd800 && rune < 0xe000)) {
    return { rune: 0xfffd, width: 1 };
  }
  return { rune, width };
}

/** The text of bytes; invalid ones as said above. */
export function decode(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    if (bytes[at] < 0x80) {
      text += String.fromCharCode(bytes[at++]);
      continue;
    }
    const { rune, width } = decodeRune(bytes, at);
    const isInvalid = rune === 0xfffd && width === 1;
    text += isInvalid ? String.fromCharCode(INVALID + bytes[at]) : String.fromCodePoint(rune);
    at += width;
  }
  return text;
}

/** The text as a person may see it: invalid bytes as U+FFFD. */
export function displayable(text: string): string {
  return text.replace(/[\udc80-\udcff]/g, (unit, at: number) => {
    const before = at > 0 ? text.charCodeAt(at - 1) : 0;
    return before >= 0xd800 && before < 0xdc00 ? unit : '\ufffd';
  });
}
