/** Makes a program that fails smaller: first what it is made from, then line by line. */
import fc from 'fast-check';

const MILLISECONDS = 10_000;

/** The smallest list of numbers that still fails, as fast-check finds it. */
export async function shrunkNumbers(
  list: readonly number[],
  fails: (numbers: readonly number[]) => Promise<boolean>,
): Promise<readonly number[]> {
  let smallest = list;
  const lists = fc.array(fc.nat({ max: 1 << 16 }), { maxLength: list.length });
  const property = fc.asyncProperty(lists, async (numbers) => {
    if (!(await fails(numbers))) return true;
    smallest = numbers;
    return false;
  });
  const examples: [number[]][] = [[[...list]]];
  await fc.check(property, { examples, numRuns: 1, interruptAfterTimeLimit: MILLISECONDS });
  return smallest;
}

/** The text without the lines that it can do without. `fails` is false for what is no program. */
export async function shrunkLines(
  text: string,
  fails: (text: string) => Promise<boolean>,
): Promise<string> {
  let lines = text.split('\n');
  const end = Date.now() + MILLISECONDS;
  for (let size = Math.ceil(lines.length / 2); size >= 1; size = size === 1 ? 0 : size >> 1) {
    for (let at = 1; at < lines.length && Date.now() < end; ) {
      const fewer = lines.toSpliced(at, size);
      const outer = withoutBraces(lines, at);
      if (await fails(fewer.join('\n'))) lines = fewer;
      else if (size === 1 && outer !== null && (await fails(outer.join('\n')))) lines = outer;
      else at++;
    }
  }
  return lines.join('\n');
}

/** The lines without the block that begins in one, or null: both its ends, with what is between. */
function withoutBraces(lines: readonly string[], at: number): string[] | null {
  const indent = /^\t*/.exec(lines[at])?.[0] ?? '';
  if (!lines[at].endsWith('{')) return null;
  const end = lines.findIndex((line, index) => index > at && line.startsWith(`${indent}}`));
  return end < 0 ? null : lines.toSpliced(at, end - at + 1);
}
