/** Puts the results of several parts of one search together. */
import { outcomeKey } from './prints.ts';
import type { ExploreResult, FoundOutcome, PctBound } from './types.ts';

/**
 * One result for all parts: counts added, outcomes joined (of equal ones the simplest schedule is
 * kept), complete when every part is. The order of the parts makes no difference.
 */
export function mergeResults(parts: readonly ExploreResult[]): ExploreResult {
  const outcomes = new Map<string, FoundOutcome>();
  for (const part of parts) {
    for (const found of part.outcomes) {
      const key = outcomeKey(found);
      const known = outcomes.get(key);
      if (known === undefined) {
        outcomes.set(key, { ...found });
        continue;
      }
      const count = known.count + found.count;
      outcomes.set(key, { ...(isSimpler(found, known) ? found : known), count });
    }
  }
  const sum = (of: (part: ExploreResult) => number) =>
    parts.reduce((all, part) => all + of(part), 0);
  const most = (of: (part: ExploreResult) => number) => Math.max(0, ...parts.map(of));
  const incomplete = parts.filter((part) => !part.complete);
  const pct = mergeBounds(parts.flatMap((part) => part.pct ?? []));
  return {
    strategy: parts[0]?.strategy ?? 'exhaustive',
    complete: parts.length > 0 && incomplete.length === 0,
    // A part that has ended because another one did says nothing.
    incompleteBecause: [...new Set(incomplete.map((part) => part.incompleteBecause))]
      .filter(Boolean)
      .sort()
      .join('; '),
    assumptions: [...new Set(parts.flatMap((part) => part.assumptions ?? []))],
    states: sum((part) => part.states),
    transitions: sum((part) => part.transitions),
    executions: sum((part) => part.executions),
    depth: most((part) => part.depth),
    seconds: most((part) => part.seconds),
    outcomes: [...outcomes.values()].sort(byKey),
    lostStateProbability: most((part) => part.lostStateProbability),
    // Each part has met some of the threads: the one that has met most has the bound for all.
    pctProbability: Math.min(1, ...parts.map((part) => part.pctProbability)),
    ...(pct === null ? {} : { pct }),
    ...mergeProblems(parts),
  };
}

/** A condition had a value if it had one in any part. */
function mergeProblems(parts: readonly ExploreResult[]): Pick<ExploreResult, 'conditionProblem'> {
  const told = parts.map((part) => part.conditionProblem).filter((one) => one !== undefined);
  if (told.length === 0) return {};
  return { conditionProblem: told.includes(null) ? null : told[0] };
}

function mergeBounds(bounds: readonly PctBound[]): PctBound | null {
  if (bounds.length === 0) return null;
  return {
    threads: Math.max(...bounds.map(({ threads }) => threads)),
    steps: Math.min(...bounds.map(({ steps }) => steps)),
    longer: bounds.reduce((all, { longer }) => all + longer, 0),
  };
}

function byKey(a: FoundOutcome, b: FoundOutcome): number {
  return outcomeKey(a) < outcomeKey(b) ? -1 : 1;
}

/**
 * Fewer preemptions, then fewer visible steps, then fewer steps, then the smaller list of threads:
 * a total order. What was not counted comes last.
 */
function isSimpler(a: FoundOutcome, b: FoundOutcome): boolean {
  if (a.preemptions < 0 !== b.preemptions < 0) return b.preemptions < 0;
  if (a.preemptions !== b.preemptions) return a.preemptions < b.preemptions;
  if (a.visibleSteps !== b.visibleSteps) {
    return a.visibleSteps >= 0 && (b.visibleSteps < 0 || a.visibleSteps < b.visibleSteps);
  }
  if (a.schedule.length !== b.schedule.length) return a.schedule.length < b.schedule.length;
  for (const [index, choice] of a.schedule.entries()) {
    const other = b.schedule[index];
    if (choice.thread !== other.thread) return choice.thread < other.thread;
    if (choice.answer !== other.answer) return choice.answer < other.answer;
  }
  return false;
}
