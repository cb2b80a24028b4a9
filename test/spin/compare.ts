/**
 * The same small models as a scenario on profile `threads` and in Promela: verdicts are equal and,
 * without reduction, so are the numbers of distinct states.
 *
 * States are matched so: a step of a scenario is one statement of the model, and both begin by
 * laying the table, during which only one order is possible. Those states are not counted: in a
 * scenario they are the ones before two threads can move for the first time (main seats the threads
 * one by one), in a model the two of init. From then on a state is the variables and where each
 * thread is, in both. Where an error ends a run, Spin goes on behind it and we do not: there only
 * the verdicts are compared.
 */
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { explore } from '../../src/explore/explore.ts';
import { DEFAULT_SETTINGS } from '../../src/explore/types.ts';
import type { Image } from '../../src/language/image.ts';
import { Machine } from '../../src/machine/machine.ts';
import { load } from '../../src/run/load.ts';
import { runSpin } from './spin.ts';

/** States of init before the other processes can move. */
const INIT_STATES = 2;

interface Pair {
  readonly file: string;
  readonly scenario: string;
  readonly defines: readonly string[];
  /** A failed assertion ends a run. */
  readonly fails?: boolean;
  /** Size of the scenario, in place of that in the file. */
  readonly size?: number;
}

const pairs: readonly Pair[] = [
  { file: 'peterson', scenario: 'Peterson', defines: [] },
  { file: 'peterson', scenario: 'TurnFirst', defines: ['TURN_FIRST'], fails: true },
  { file: 'philosophers', scenario: 'LeftFirst', defines: [] },
  { file: 'philosophers', scenario: 'OneRightFirst', defines: ['ORDERED'] },
  { file: 'philosophers', scenario: 'LeftFirst', defines: ['N=11'], size: 11 },
  { file: 'buffer', scenario: 'OneConsumer', defines: [] },
  { file: 'buffer', scenario: 'TwoConsumers', defines: ['CONSUMERS=2'], fails: true },
  { file: 'lostwakeup', scenario: 'LooksFirst', defines: ['LOOKS_FIRST'] },
  { file: 'lostwakeup', scenario: 'SaysFirst', defines: [] },
];

function imageOf({ file, scenario, size }: Pair): Image {
  const path = `test/spin/${file}.coro`;
  let text = readFileSync(path, 'utf8');
  if (size !== undefined) text = text.replace(/const N = \d+/, `const N = ${size}`);
  const { image, diagnostics } = load({ path, text }, { scenario });
  if (image === null) throw new Error(diagnostics.map((one) => one.message).join('\n'));
  return image;
}

/** States in which only one thread can move, from the first one on. */
function forcedStates(image: Image): number {
  const machine = new Machine(image);
  const enabled = new Int32Array(256);
  let states = 0;
  for (; machine.enabledThreads(enabled) === 1; states++) machine.step(enabled[0]);
  return states;
}

/** Compares one pair; what differs, or nothing. */
function differences(pair: Pair): string[] {
  const image = imageOf(pair);
  const full = explore(image, { ...DEFAULT_SETTINGS, reduction: false });
  const reduced = explore(image, DEFAULT_SETTINGS);
  const spin = runSpin(`test/spin/${pair.file}.pml`, pair.defines);
  const found: string[] = [];
  if (!full.complete || !reduced.complete) found.push('the search is not complete');
  const isBad = full.outcomes.length > 0;
  if (isBad !== spin.errors > 0) found.push(`found ${isBad}, Spin ${spin.errors} errors`);
  if (isBad !== reduced.outcomes.length > 0) found.push('the reduced search finds another verdict');
  const ours = full.states - forcedStates(image);
  const theirs = spin.states - INIT_STATES;
  if (pair.fails !== true && ours !== theirs) found.push(`${ours} states, Spin ${theirs}`);
  const verdict = isBad ? full.outcomes[0].kind : 'no error';
  const name = `${pair.file} ${pair.scenario} ${pair.defines.join(' ')}`.trimEnd();
  console.log(
    `${found.length === 0 ? 'equal' : 'DIFFER'}  ${name}: ${verdict}, ${ours} states` +
      `, ${reduced.states} with reduction${pair.fails ? ` (Spin goes on: ${theirs})` : ''}`,
  );
  return found.map((one) => `${name}: ${one}`);
}

const found = pairs.flatMap(differences);
for (const one of found) console.error(one);
console.log(found.length === 0 ? `${pairs.length} models agree with Spin` : 'not equal');
process.exitCode = found.length === 0 ? 0 : 1;
