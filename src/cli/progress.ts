/**
 * How far a command is, on standard error: a line on the terminal that is written anew, or, with
 * --progress, lines that a log can keep: one when something was found, and one every ten seconds.
 */
import process from 'node:process';
import type { Progress } from '../explore/types.ts';
import { countOf } from '../run/words.ts';
import { shown, writePlain } from './terminal.ts';

/** Between two writings of the terminal's line. */
const REDRAW_MILLISECONDS = 200;
/** Between two lines of a log, when nothing was found, and when something was. */
const SILENCE_MILLISECONDS = 10_000;
const NEWS_MILLISECONDS = 1000;

export interface ProgressTeller {
  /** Tells it, if it is time to. `news`: how much was found; when that changes it is time. */
  show(text: string, news: number): void;
  /** Work of another kind begins: the next `show` is told in any case. */
  begin(): void;
  /** Nothing more is to come: the terminal's line disappears. */
  clear(): void;
}

/** Where nobody looks, nothing is told. `asLines`: as a log wants it. */
export function tellProgress(asLines: boolean): ProgressTeller {
  if (asLines) return new LogLines();
  return process.stderr.isTTY ? new TerminalLine() : { show() {}, begin() {}, clear() {} };
}

class TerminalLine implements ProgressTeller {
  #last = 0;

  show(text: string): void {
    if (Date.now() - this.#last < REDRAW_MILLISECONDS) return;
    this.#last = Date.now();
    writePlain(process.stderr, `\r\x1b[K${shown(text)} (Ctrl-C stops)`);
  }

  begin(): void {
    this.#last = 0;
  }

  clear(): void {
    writePlain(process.stderr, '\r\x1b[K');
  }
}

class LogLines implements ProgressTeller {
  #last = 0;
  #news = 0;

  show(text: string, news: number): void {
    const isFirst = this.#last === 0 || (this.#news === 0 && news > 0);
    const pause = news === this.#news ? SILENCE_MILLISECONDS : NEWS_MILLISECONDS;
    if (!isFirst && Date.now() - this.#last < pause) return;
    this.#last = Date.now();
    this.#news = news;
    process.stderr.write(`${text}\n`);
  }

  begin(): void {
    this.#last = 0;
    this.#news = 0;
  }

  clear(): void {
    // Lines stay.
  }
}

/** `12,345 states, 2 s, about 3.1 % done, 1 outcome`. Random searches have executions, not states. */
export function progressText(progress: Progress): string {
  const { states, executions, seconds, done, outcomes } = progress;
  const parts = [
    states > 0 ? countOf(states, 'state') : countOf(executions, 'execution'),
    `${seconds.toFixed(0)} s`,
  ];
  if (done >= 0) parts.push(`about ${(done * 100).toFixed(1)} % done`);
  if (outcomes > 0) parts.push(countOf(outcomes, 'outcome'));
  return parts.join(', ');
}
