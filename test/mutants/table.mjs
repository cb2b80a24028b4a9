// The table of mutants as data: how it is read, and which of it a sample takes.
import { existsSync, readFileSync } from 'node:fs';

/**
 * The mutants of a table. One is `# what is broken`, `file: PATH`, `- ` with the text as it is,
 * `+ ` with the text as it is broken (both may go on over further lines), and `test: FILE [options
 * of mocha]`. Throws with the line's number where a line is none of these.
 */
export function parseMutants(text) {
  const mutants = [];
  let field = '';
  for (const [index, line] of text.split('\n').entries()) {
    const mutant = mutants.at(-1);
    if (line === '' || line.startsWith('//')) field = '';
    else if (line.startsWith('# ')) mutants.push({ name: line.slice(2) });
    else if (line.startsWith('file: ')) mutant.file = line.slice('file: '.length);
    else if (line.startsWith('test: ')) mutant.test = wordsOf(line.slice('test: '.length));
    else if (line.startsWith('- ') || line.startsWith('+ ')) {
      field = line.startsWith('-') ? 'from' : 'to';
      mutant[field] = line.slice(2);
    } else if (field !== '') mutant[field] += `\n${line}`;
    else throw new Error(`mutants.txt:${index + 1}: what is ${line}?`);
  }
  return mutants;
}

/** Words, those in double quotes with their spaces. */
function wordsOf(text) {
  return [...text.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare);
}

/** How often the file has the text; -1 where there is no such file. */
export function countOccurrences(file, text) {
  if (!existsSync(file)) return -1;
  return readFileSync(file, 'utf8').split(text).length - 1;
}

/** `count` of the mutants, others for another seed, in the order of the table. */
export function sampleOf(mutants, count, seed) {
  const rank = (index) => Math.imul(Math.imul(index + 1, 0x9e3779b1) ^ seed, 0x85ebca6b) >>> 0;
  const order = mutants.map((_, index) => index).sort((a, b) => rank(a) - rank(b));
  const taken = new Set(order.slice(0, count));
  return mutants.filter((_, index) => taken.has(index));
}
