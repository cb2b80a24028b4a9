/** What programs are made for: every profile with its generators, small counterexamples first. */
import { goGenerators } from './go.ts';
import type { Subject } from './session.ts';
import { threadsGenerators } from './threads.ts';
import { zigGenerators } from './zig.ts';

/** Programs with more states tell too little for the time that they take. */
const STATE_LIMIT = 800;
/** Go's scheduler is part of the state. */
const GO_STATE_LIMIT = 1500;

/** Each has two Ps in every other batch, which are many more states. */
const goProfiles = ['go1.22', 'go1.23', 'go1.24', 'go1.25', 'go1.26', 'go1.27'];

export const subjects: readonly Subject[] = [
  ...threadsGenerators.map((generator) => ({
    runtimes: ['threads', 'threads', 'threads leaks 1'],
    generator,
    stateLimit: STATE_LIMIT,
  })),
  ...['zig0.2', 'zig-1363'].flatMap((profile) =>
    zigGenerators.map((generator) => ({
      runtimes: [profile],
      generator,
      stateLimit: STATE_LIMIT,
    })),
  ),
  ...goProfiles.flatMap((profile) =>
    goGenerators.map((generator) => ({
      runtimes: [
        `${profile} gomaxprocs 1`,
        `${profile} gomaxprocs 2, maxms 2`,
        `${profile} gomaxprocs 1, leaks 1`,
      ],
      generator,
      stateLimit: GO_STATE_LIMIT,
    })),
  ),
];
