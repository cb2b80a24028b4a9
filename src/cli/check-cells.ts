/** Cells of `coroscope check`, checked one by one or by workers; the answers in the cells' order. */
import { type Cell, type CellAnswer, type CellOptions, checking } from './check-cell.ts';
import { breath, type Interrupt } from './interrupt.ts';
import { startWorkerThreads } from './workers.ts';

export interface Answered {
  readonly cell: Cell;
  readonly answer: CellAnswer;
}

/** Between two looks at the keyboard. */
const SLICE_MILLISECONDS = 30;

/** Checks here, until an interruption. */
export async function* oneByOne(
  cells: Iterable<Cell>,
  options: CellOptions,
  interrupt: Interrupt,
): AsyncGenerator<Answered> {
  let looked = Date.now();
  for (const cell of cells) {
    const work = checking(cell, options);
    let step = work.next();
    for (; step.done !== true; step = work.next()) {
      if (Date.now() - looked < SLICE_MILLISECONDS) continue;
      await breath();
      looked = Date.now();
      if (interrupt.isRequested) return;
    }
    yield { cell, answer: step.value };
  }
}

/** Checks in so many threads. After an interruption, what they have finished is given, too. */
export async function* byWorkers(
  cells: Iterable<Cell>,
  options: CellOptions,
  interrupt: Interrupt,
  count: number,
): AsyncGenerator<Answered> {
  const threads = startWorkerThreads(__filename, count);
  const asked: Cell[] = [];
  const answers: (CellAnswer | undefined)[] = [];
  let wake = () => {};
  let failure: unknown = null;
  const source = cells[Symbol.iterator]();
  /** One worker takes one cell after the other. */
  const serve = async (worker: number) => {
    for (;;) {
      const next = source.next();
      if (next.done === true) return;
      const index = asked.push(next.value) - 1;
      answers[index] = await threads.ask<CellAnswer>(worker, { cell: next.value, options });
      wake();
    }
  };
  let served = 0;
  for (let worker = 0; worker < count; worker++) {
    serve(worker)
      .catch((error: unknown) => (failure ??= error))
      .finally(() => {
        served++;
        wake();
      });
  }
  interrupt.onRequest = () => wake();
  try {
    let next = 0;
    while (!interrupt.isRequested && failure === null) {
      const answer = answers[next];
      if (answer !== undefined) yield { cell: asked[next++], answer };
      else if (served === count) return;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
    if (failure !== null) throw failure;
    for (; next < asked.length; next++) {
      const answer = answers[next];
      if (answer !== undefined) yield { cell: asked[next], answer };
    }
  } finally {
    interrupt.onRequest = null;
    await threads.end();
  }
}
