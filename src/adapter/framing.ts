/**
 * Messages in a stream of bytes: a header `Content-Length: N`, an empty line, N bytes of JSON.
 *
 * Whatever comes, the reader finds the next message: junk before a header is passed over, and a
 * length that is too large ends where the next header begins, for no JSON can hold one. Each byte
 * is looked at a bounded number of times, so a message of any size takes linear time.
 */

/** Longer messages are no requests of anybody; a header that announces one is junk. */
const maxMessageBytes = 256 * 1024 * 1024;
/** A header is looked for so far before the empty line that ends it. */
const maxHeaderBytes = 4096;

const CR = 13;
const LF = 10;

const headerEnd = /content-length[ \t]*:[ \t]*(\d{1,12})[ \t]*(?:\r?\n[\w-]+[ \t]*:[^\r\n]*)*$/i;
const decoder = new TextDecoder();
/** Takes every byte for a character, so that places in the text are places in the bytes. */
const plainDecoder = new TextDecoder('latin1');

export class MessageReader {
  readonly #receive: (message: unknown) => void;
  #bytes: Uint8Array = new Uint8Array(1024);
  /** What has been received and not been taken lies in [#begin, #end). */
  #begin = 0;
  #end = 0;
  /** Before this place no empty line ends. */
  #searched = 0;
  /** Bytes of the message that begins at #begin; -1: a header is to come. */
  #length = -1;

  /** `receive` is given each message, which may be any JSON. */
  constructor(receive: (message: unknown) => void) {
    this.#receive = receive;
  }

  /** Takes the next bytes of the stream. */
  take(chunk: Uint8Array): void {
    this.#append(chunk);
    while (this.#length < 0 ? this.#takeHeader() : this.#takeBody());
    this.#forgetJunk();
  }

  /** Finds the next header; false: it has not come yet. */
  #takeHeader(): boolean {
    for (;;) {
      const after = this.#nextEmptyLine(this.#end);
      if (after < 0) return false;
      const header = this.#headerBefore(after);
      this.#begin = after;
      if (header === null) continue;
      this.#length = header.length;
      return true;
    }
  }

  /** Takes the message that was announced; false: it is not complete yet. */
  #takeBody(): boolean {
    const limit = this.#begin + this.#length;
    for (;;) {
      const after = this.#nextEmptyLine(Math.min(this.#end, limit));
      if (after < 0) break;
      const header = this.#headerBefore(after);
      if (header === null) continue;
      // The length was wrong: another message has begun.
      this.#deliver(header.start);
      this.#begin = after;
      this.#length = header.length;
      return true;
    }
    if (this.#end < limit) return false;
    this.#length = -1;
    if (this.#deliver(limit)) {
      this.#begin = limit;
      this.#searched = limit;
    } else {
      // The next header may begin in what was taken for a message.
      this.#searched = Math.max(this.#begin, limit - maxHeaderBytes);
    }
    return true;
  }

  /** Hands on the message that ends at `end`; false: it is no JSON. */
  #deliver(end: number): boolean {
    const text = decoder.decode(this.#bytes.subarray(this.#begin, end));
    let message: unknown;
    try {
      message = JSON.parse(text);
    } catch {
      return false;
    }
    this.#receive(message);
    return true;
  }

  /** Where the next empty line ends, at most at `limit`; -1: there is none. */
  #nextEmptyLine(limit: number): number {
    const bytes = this.#bytes;
    let place = Math.max(this.#searched, this.#begin);
    for (;;) {
      const distance = bytes.subarray(place, limit).indexOf(LF);
      if (distance < 0) break;
      place += distance;
      const next = bytes[place + 1] === CR ? place + 2 : place + 1;
      if (next >= limit) break;
      if (bytes[next] === LF) {
        this.#searched = next + 1;
        return next + 1;
      }
      place++;
    }
    // The last two bytes may be the beginning of an empty line.
    this.#searched = Math.max(this.#searched, limit - 2);
    return -1;
  }

  /** The header whose empty line ends at `after`; null: what stands there is none. */
  #headerBefore(after: number): { readonly start: number; readonly length: number } | null {
    const from = Math.max(this.#begin, after - maxHeaderBytes);
    const text = plainDecoder.decode(this.#bytes.subarray(from, after)).replace(/\r?\n\r?\n$/, '');
    const match = headerEnd.exec(text.slice(text.toLowerCase().lastIndexOf('content-length')));
    if (match === null || Number(match[1]) > maxMessageBytes) return null;
    const start = from + text.toLowerCase().lastIndexOf('content-length');
    return { start, length: Number(match[1]) };
  }

  #append(chunk: Uint8Array): void {
    if (this.#end + chunk.length > this.#bytes.length) this.#makeRoom(chunk.length);
    this.#bytes.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  /** Moves what is left to the front, into a larger array if need be. */
  #makeRoom(count: number): void {
    const kept = this.#bytes.subarray(this.#begin, this.#end);
    const needed = kept.length + count;
    const isRoomy = needed <= this.#bytes.length >> 1;
    const bytes = isRoomy ? this.#bytes : new Uint8Array(Math.max(4096, needed * 2));
    bytes.set(kept);
    this.#searched = Math.max(0, this.#searched - this.#begin);
    this.#begin = 0;
    this.#end = kept.length;
    this.#bytes = bytes;
  }

  /** Of what is no message only so much is kept as a header may have begun in. */
  #forgetJunk(): void {
    if (this.#length < 0) this.#begin = Math.max(this.#begin, this.#end - maxHeaderBytes);
  }
}
