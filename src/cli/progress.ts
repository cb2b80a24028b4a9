/** A line on the terminal that says how far a search is; nothing where there is no terminal. */
import process from 'node:process';
import type { Progress } from '../explore/types.ts';
import { withThousands } from '../run/words.ts';

const BETWEEN_MILLISECONDS = 200;

export interface ProgressLine {
  show(progress: Progress): void;
  clear(): void;
}

/** `isQuiet`: show nothing, whatever the terminal. */
export function progressLine(isQuiet: boolean): ProgressLine {
  const isShown = process.stderr.isTTY && !isQuiet;
  let last = 0;
  return {
    show(progress) {
      if (!isShown || Date.now() - last < BETWEEN_MILLISECONDS) return;
      last = Date.now();
      const done = progress.done < 0 ? '' : `, about ${(progress.done * 100).toFixed(1)} % done`;
      const found = progress.outcomes === 0 ? '' : `, ${progress.outcomes} outcomes`;
      process.stderr.write(
        `\r\x1b[K${withThousands(progress.states || progress.executions)} states, ` +
          `${progress.seconds.toFixed(0)} s${done}${found} (Ctrl-C stops)`,
      );
    },
    clear() {
      if (isShown) process.stderr.write('\r\x1b[K');
    },
  };
}
