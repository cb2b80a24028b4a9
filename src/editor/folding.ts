/** Folding ranges: blocks, bracketed lists, groups of imports, comments. */
import type { SourceFile } from '../language/diagnostics.ts';
import { lex } from '../language/lexer.ts';
import type { Comment, Token } from '../language/tokens.ts';

export interface FoldingRange {
  /** 0-based; the first line stays visible. */
  readonly startLine: number;
  readonly endLine: number;
  readonly kind: 'block' | 'comment' | 'imports';
}

/**
 * What can be folded, by start line, at most one range a line. Works on tokens, so that a file with
 * mistakes folds as far as its brackets match.
 */
export function foldingRanges(source: SourceFile): FoldingRange[] {
  const { tokens, comments } = lex(source);
  const ranges = [...bracketRanges(tokens), ...commentRanges(source.text, tokens, comments)];
  ranges.sort((a, b) => a.startLine - b.startLine || b.endLine - a.endLine);
  return ranges.filter((range, i) => range.startLine !== ranges[i - 1]?.startLine);
}

interface OpenBracket {
  readonly line: number;
  readonly kind: FoldingRange['kind'];
  /** Line of the `case` whose statements are being read, or -1. */
  clauseLine: number;
}

function bracketRanges(tokens: readonly Token[]): FoldingRange[] {
  const ranges: FoldingRange[] = [];
  const open: OpenBracket[] = [];
  const add = (startLine: number, endLine: number, kind: FoldingRange['kind']): void => {
    if (startLine >= 0 && endLine > startLine) ranges.push({ startLine, endLine, kind });
  };
  for (const [index, { kind, line }] of tokens.entries()) {
    const before = tokens[index - 1];
    if (kind === '{' || kind === '(' || kind === '[') {
      open.push({ line, kind: before?.kind === 'import' ? 'imports' : 'block', clauseLine: -1 });
    } else if (kind === '}' || kind === ')' || kind === ']') {
      const opened = open.pop();
      if (opened === undefined) continue;
      add(opened.clauseLine, before.line, 'block');
      // The closing line stays visible too.
      add(opened.line, line - 1, opened.kind);
    } else if (kind === 'case' || kind === 'default') {
      const around = open.at(-1);
      if (around === undefined) continue;
      add(around.clauseLine, before.line, 'block');
      around.clauseLine = line;
    }
  }
  return ranges;
}

/** Runs of line comments that stand alone, and block comments of several lines. */
function commentRanges(
  text: string,
  tokens: readonly Token[],
  comments: readonly Comment[],
): FoldingRange[] {
  const ranges: FoldingRange[] = [];
  const codeLines = new Set(tokens.filter(({ start, end }) => end > start).map(({ line }) => line));
  let startLine = -1;
  let endLine = -2;
  const flush = (): void => {
    if (endLine > startLine) ranges.push({ startLine, endLine, kind: 'comment' });
  };
  for (const comment of comments) {
    if (codeLines.has(comment.line)) continue;
    if (comment.line !== endLine + 1) {
      flush();
      startLine = comment.line;
    }
    const breaks = comment.block
      ? text.slice(comment.start, comment.end).split('\n').length - 1
      : 0;
    endLine = comment.line + breaks;
  }
  flush();
  return ranges;
}
