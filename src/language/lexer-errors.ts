/** What the lexer says about characters and numbers that are none. */

const CHARACTER_HELP: Readonly<Record<string, string>> = {
  '#': "comments begin with '//'",
  '?': 'there is no conditional operator; write an if statement',
  '@': 'there are no decorators or annotations',
  $: "names are made of letters, digits and '_'",
  '\\': 'a line goes on by itself after an operator or a comma',
  '“': 'use the plain quote "',
  '”': 'use the plain quote "',
  '‘': "use the plain quote '",
  '’': "use the plain quote '",
  '×': "multiply with '*'",
  '−': "subtract with the plain '-'",
  '≤': "write '<='",
  '≥': "write '>='",
  '≠': "write '!='",
  '→': 'leave it out, or write the Go operator',
};

/** What to write instead of a malformed number, where we know. */
export function numberHelp(number: string): string | undefined {
  if (number.endsWith('i')) return 'there are no complex numbers';
  if (/^0[0-9_]*[89]/.test(number)) return 'a leading 0 makes a number octal; leave it out';
  if (number.includes('..')) return 'ranges are written x[low:high], or for i := range n';
  if (number.includes('_')) return "'_' stands between digits only";
  if (/^[0-9]/.test(number)) return 'names do not begin with a digit';
  return undefined;
}

/** The character at `at`, how a message shows it, and what to write instead. */
export function describeUnknown(
  text: string,
  at: number,
): { character: string; shown: string; help: string | undefined } {
  const codePoint = text.codePointAt(at) ?? 0;
  const character = String.fromCodePoint(codePoint);
  const visible = /[\p{L}\p{N}\p{P}\p{S}]/u.test(character);
  const hex = codePoint.toString(16).toUpperCase().padStart(4, '0');
  const shown = visible ? `'${character}'` : `invisible character U+${hex}`;
  const help = CHARACTER_HELP[character] ?? (visible ? undefined : 'delete it');
  return { character, shown, help };
}

/** NUL, a byte order mark that is not the first character, halves of surrogate pairs. */
const FOREIGN = /\0|(?<!^)\ufeff|\p{Cs}/gu;
const maxForeign = 10;

/** What Go's compiler says of a character that source may not hold anywhere; null of others. */
export function foreignAt(text: string, at: number): string | null {
  const code = text.codePointAt(at) ?? -1;
  if (code === 0) return 'invalid NUL character';
  if (code === 0xfeff && at > 0) return 'invalid BOM in the middle of the file';
  return code >= 0xd800 && code <= 0xdfff ? 'invalid UTF-8 encoding' : null;
}

/** The first such character of each line, up to a bound. */
export function foreignCharacters(
  text: string,
  start: number,
  end: number,
): readonly { readonly at: number; readonly message: string }[] {
  const found: { at: number; message: string }[] = [];
  FOREIGN.lastIndex = start;
  while (found.length < maxForeign) {
    const at = FOREIGN.exec(text)?.index ?? end;
    if (at >= end) break;
    found.push({ at, message: foreignAt(text, at) ?? '' });
    FOREIGN.lastIndex = text.indexOf('\n', at) + 1 || end;
  }
  return found;
}
