/** What programs are made for: every profile with its generators, small counterexamples first. */
import type { Subject } from './session.ts';
import { threadsGenerators } from './threads.ts';

const STATE_LIMIT = 800;

export const subjects: readonly Subject[] = threadsGenerators.map((generator) => ({
  runtime: 'threads',
  generator,
  stateLimit: STATE_LIMIT,
}));
