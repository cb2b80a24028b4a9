/** From the bytes of a file to its text. */
import { decodeUtf8 } from './literals.ts';

/**
 * The text of a source file without its byte order mark. Bytes that are no UTF-8 are kept as lone
 * surrogates, so that the lexer can say where they stand.
 */
export function decodeSource(bytes: Uint8Array): string {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    text = decodeUtf8(bytes);
  }
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}
