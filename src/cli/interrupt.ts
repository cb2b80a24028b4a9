/**
 * Ctrl-C, and the signal that `timeout` and batch engines send: the command ends its work and
 * prints what it has. A second one ends the process at once.
 */
import process from 'node:process';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
/** What shells give for a process that a signal has ended: 128 and the signal's number. */
const STATUS = { SIGINT: 130, SIGTERM: 143 } as const;

export class Interrupt {
  /** Exit status of a command that was interrupted; 0: it was not. */
  status = 0;
  readonly #handlers = new Map<(typeof SIGNALS)[number], () => void>();
  #onRequest: (() => void) | null = null;

  /** Listens from now on, until `end`. */
  constructor() {
    for (const signal of SIGNALS) {
      const handler = () => {
        // Without listeners, the next signal does what signals do.
        this.end();
        this.status = STATUS[signal];
        this.#onRequest?.();
      };
      this.#handlers.set(signal, handler);
      process.once(signal, handler);
    }
  }

  get isRequested(): boolean {
    return this.status !== 0;
  }

  /** What is to be done at once when the signal comes; null: nothing. */
  set onRequest(action: (() => void) | null) {
    this.#onRequest = action;
    if (this.isRequested) action?.();
  }

  /** Listens no more. */
  end(): void {
    for (const [signal, handler] of this.#handlers) process.off(signal, handler);
    this.#handlers.clear();
  }
}

/** Lets signals and messages in between two slices of work. */
export async function breath(): Promise<void> {
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
}
