// Programs that Go does not decide: every outcome that was met in many runs of it must be among
// those that the search over all schedules finds. Only how a run ended is compared, not what it
// printed.
import assert from 'node:assert';
import { explore } from '../../src/explore/explore.ts';
import { DEFAULT_SETTINGS } from '../../src/explore/types.ts';
import { load } from '../../src/run/load.ts';

/** Of the outcomes that Go was seen to have (texts as `outcomeText` gives them) those that the search
 *  does not find; a search that is not complete is one, too. */
export function unfoundOutcomes(
  source: string,
  profile: string,
  seen: readonly string[],
): string[] {
  const file = { path: 'program.coro', text: source };
  const { image, problem } = load(file, { runtime: profile, races: 'never', leaks: 'never' });
  if (image === null) return [`refused: ${problem ?? ''}`];
  const { outcomes, complete, incompleteBecause } = explore(image, DEFAULT_SETTINGS);
  const found = new Set(outcomes.map(({ kind, message }) => ending(headOf(kind, message))));
  const unfound = [...new Set(seen.map(ending))].filter((text) => !found.has(text));
  return complete ? unfound : [...unfound, `incomplete: ${incompleteBecause}`];
}

function headOf(kind: string, message: string): string {
  return kind === 'panic' ? `panic: ${message}` : `${kind} ${message}`;
}

/** How a run ended, without how often a panic was recovered. */
function ending(text: string): string {
  const [line] = text.split('\n');
  assert.ok(line !== undefined);
  return line.replace(/ \[recovered.*\]$/, '').trim();
}
