/**
 * What differs between two runtime profiles: pairs of model files, and the diff of two texts. The
 * difference of two versions of a runtime is the diff of a few files, as the real patch was.
 */
import type { ModelFile, Profile } from './profiles.ts';

/** Two versions of one file; null where a profile has none. */
export interface ModelPair {
  readonly before: ModelFile | null;
  readonly after: ModelFile | null;
}

/** Files that differ between two profiles, in the order of the second one's. */
export function differingFiles(before: Profile, after: Profile): ModelPair[] {
  const left = new Map(before.files.map((file) => [roleOf(file.path), file]));
  const pairs: ModelPair[] = [];
  for (const file of after.files) {
    const role = roleOf(file.path);
    const other = left.get(role) ?? null;
    left.delete(role);
    if (other?.text !== file.text) pairs.push({ before: other, after: file });
  }
  for (const file of left.values()) pairs.push({ before: file, after: null });
  return pairs;
}

/** `go/coro-1.22.coro` and `go/coro.coro` are versions of one file. */
function roleOf(path: string): string {
  return path.replace(/-[^/]*(?=\.coro$)/, '');
}

const CONTEXT_LINES = 3;

/** The unified diff of one pair, without a final newline. */
export function unifiedDiff({ before, after }: ModelPair): string {
  const a = linesOf(before);
  const b = linesOf(after);
  const marks = compare(a, b);
  const out = [`--- ${before?.path ?? '(none)'}`, `+++ ${after?.path ?? '(none)'}`];
  for (let from = 0; from < marks.length; ) {
    while (from < marks.length && marks[from].sign === ' ') from++;
    if (from >= marks.length) break;
    let to = from;
    for (let next = from; next < marks.length && next - to <= 2 * CONTEXT_LINES; next++) {
      if (marks[next].sign !== ' ') to = next;
    }
    const begin = Math.max(0, from - CONTEXT_LINES);
    const end = Math.min(marks.length, to + CONTEXT_LINES + 1);
    const hunk = marks.slice(begin, end);
    const size = (sign: string) => hunk.filter((mark) => mark.sign !== sign).length;
    out.push(`@@ -${marks[begin].a + 1},${size('+')} +${marks[begin].b + 1},${size('-')} @@`);
    for (const { sign, text } of hunk) out.push(sign + text);
    from = end;
  }
  return out.join('\n');
}

function linesOf(file: ModelFile | null): string[] {
  return file === null ? [] : file.text.replace(/\n$/, '').split('\n');
}

interface Mark {
  readonly sign: ' ' | '-' | '+';
  readonly text: string;
  /** Lines of the first and of the second text before this one. */
  readonly a: number;
  readonly b: number;
}

/** The longest common subsequence of lines, by the plain table: model files are short. */
function compare(a: readonly string[], b: readonly string[]): Mark[] {
  const width = b.length + 1;
  const longest = new Int32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      longest[i * width + j] =
        a[i] === b[j]
          ? longest[(i + 1) * width + j + 1] + 1
          : Math.max(longest[(i + 1) * width + j], longest[i * width + j + 1]);
    }
  }
  const marks: Mark[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      marks.push({ sign: ' ', text: a[i], a: i++, b: j++ });
    } else if (
      i < a.length &&
      (j >= b.length || longest[(i + 1) * width + j] >= longest[i * width + j + 1])
    ) {
      marks.push({ sign: '-', text: a[i], a: i++, b: j });
    } else {
      marks.push({ sign: '+', text: b[j], a: i, b: j++ });
    }
  }
  return marks;
}
