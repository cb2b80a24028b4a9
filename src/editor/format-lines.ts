/** Lines of cells, set in columns the way gofmt does it. */

/** One output line. Cells beyond the first line up with those of the lines around it. */
export interface Line {
  /** In tabs; 0 for an empty line. */
  readonly indent: number;
  readonly cells: string[];
  /** A blank line stands before it. */
  readonly blankBefore: boolean;
  /** Does not line up with the line before it. */
  readonly apart: boolean;
}

/**
 * Joins lines to a text. A cell is as wide as the widest in the run of neighbouring lines that
 * have a cell to its right; runs end at blank lines and where the indentation changes.
 */
export function printLines(lines: readonly Line[]): string {
  const widths = lines.map(() => [] as number[]);
  let start = 0;
  for (let end = 1; end <= lines.length; end++) {
    if (end < lines.length && continuesRun(lines[end - 1], lines[end])) continue;
    measure(lines, widths, start, end, 0);
    start = end;
  }
  const printed = lines.map((line, i) => {
    const { cells, indent, blankBefore } = line;
    let text = '';
    for (let c = 0; c < cells.length; c++) {
      const padding = c < cells.length - 1 ? widths[i][c] - width(cells[c]) : 0;
      text += cells[c] + ' '.repeat(padding);
    }
    return `${blankBefore ? '\n' : ''}${'\t'.repeat(indent)}${text.trimEnd()}\n`;
  });
  return printed.join('');
}

function continuesRun(before: Line, line: Line): boolean {
  if (line.blankBefore || line.apart || line.indent !== before.indent) return false;
  return !before.cells.some((cell) => cell.includes('\n'));
}

/** Sets the widths of column `column` and those to its right in the lines from `start` to `end`. */
function measure(
  lines: readonly Line[],
  widths: number[][],
  start: number,
  end: number,
  column: number,
): void {
  let from = start;
  while (from < end) {
    let to = from;
    let widest = 0;
    while (to < end && lines[to].cells.length > column + 1) {
      widest = Math.max(widest, width(lines[to].cells[column]));
      to++;
    }
    if (to === from) {
      from++;
      continue;
    }
    // A column that is empty in the whole run takes no place.
    for (let i = from; i < to; i++) widths[i][column] = widest === 0 ? 0 : widest + 1;
    measure(lines, widths, from, to, column + 1);
    from = to;
  }
}

function width(cell: string): number {
  return /[^ -~]/.test(cell) ? Array.from(cell).length : cell.length;
}
