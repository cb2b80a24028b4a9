/** Invariants and quiescent conditions: evaluated in a state, on a stack that nobody else sees. */
import {
  ATOMIC_DEPTH,
  ATOMIC_HOLDER,
  CONTEXT_LIMIT,
  CONTEXT_STACK,
  HEAP_TOP,
  OBJECT_CONTEXT,
  OBJECT_HEADER_WORDS,
  OBJECT_TYPE,
  OBJECT_WORDS,
} from '../language/image.ts';
import { FRAME_HEADER_WORDS } from '../language/instructions.ts';
import { enter } from './frames.ts';
import type { Core } from './core.ts';
import { Ending, RUNNING, THREAD_ENDED } from './core.ts';
import type { GeneratedCode } from './generated.ts';
import { AT_LIMIT, execute } from './interpreter.ts';
import { executeRecorded, type Recorder } from './recorder.ts';

const SCRATCH_WORDS = 2048;

/**
 * Whether a condition (a function of no parameters, one bool result) holds. Leaves no trace. With a
 * recorder: what it touches is recorded, and `generated` code may do it.
 */
export function conditionHolds(
  core: Core,
  number: number,
  recorder: Recorder | null = null,
  generated: GeneratedCode | null = null,
): boolean {
  const start = core.logTop;
  const { pc, fp, thread, context, logging, halt, instructionCount } = core;
  core.beginSegment();
  core.logging = true;
  core.needStamps();
  core.isolated = true;
  core.thread = -1;
  core.halt = RUNNING;
  try {
    return evaluate(core, number, recorder, generated);
  } catch (error) {
    // A trap inside a condition means that the state is not what the condition speaks of.
    if (error instanceof Ending) return false;
    throw error;
  } finally {
    core.recorder = null;
    core.isolated = false;
    core.dropSegment(start);
    Object.assign(core, { pc, fp, thread, context, logging, halt, instructionCount });
  }
}

function evaluate(
  core: Core,
  number: number,
  recorder: Recorder | null,
  generated: GeneratedCode | null,
): boolean {
  const { memory } = core;
  const context = memory[HEAP_TOP] + OBJECT_HEADER_WORDS;
  const words = CONTEXT_STACK + SCRATCH_WORDS;
  if (recorder !== null) {
    recorder.begin(context - OBJECT_HEADER_WORDS, context + words, true);
    recorder.touch(ATOMIC_HOLDER);
    recorder.touch(ATOMIC_DEPTH);
  }
  core.write(HEAP_TOP, context + words);
  core.write(context + OBJECT_TYPE, OBJECT_CONTEXT);
  core.write(context + OBJECT_WORDS, words);
  core.write(context + CONTEXT_LIMIT, context + words);
  // As inside an atomic section: nothing is a boundary.
  core.write(ATOMIC_HOLDER, 1);
  core.write(ATOMIC_DEPTH, 1);
  core.context = context;
  core.fp = 0;
  enter(core, number, context + CONTEXT_STACK, 0, 0);
  const bottom = core.fp;
  core.recorder = recorder;
  const limit = core.instructionLimit;
  let why: number;
  if (recorder === null) why = execute(core, limit, null, true);
  else if (generated !== null) why = generated.execute(limit);
  else why = executeRecorded(core, recorder, limit);
  if (why === AT_LIMIT || core.halt !== THREAD_ENDED) return false;
  return memory[bottom + FRAME_HEADER_WORDS] !== 0;
}
