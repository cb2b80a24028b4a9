/**
 * One worker's part of a parallel exhaustive search. Each worker searches depth first, as one alone
 * would, and whoever stores a state expands it; moves that it gives away are explored elsewhere.
 *
 * Why the reduction is as sound as with one worker:
 * - Sleep sets with stored states need no order among the visits of different states. Let a state
 *   be visited several times, its stored sleep set becoming smaller, and let E be the moves with
 *   which some execution to an end that is not covered otherwise can begin. Take that one of E
 *   which was explored in the last of the visits (in the order in which the entry changed), and
 *   there before all others of E: nothing in the sleep set it was explored with can begin what
 *   follows, for it would be in E and come from a later visit or an earlier sibling. So the rest of
 *   the execution is covered from the next state, by induction on its length. It matters only that
 *   an entry changes atomically, and that every move which is taken is explored some time.
 * - Ownership is learned by all together: see ownership.ts. A round in which one of them has broken
 *   an assumption is repeated by all.
 * - A run of forced moves ends in a state that is expanded fully, whoever explores it: whether a
 *   move is forced depends on the state and what is assumed, not on what else is on a stack.
 */
import type { Image } from '../language/image.ts';
import type { Machine } from '../machine/machine.ts';
import { ExhaustiveSearch, reduces } from './exhaustive.ts';
import { searchMachine } from './explore.ts';
import { FramesGiven } from './frames.ts';
import { type SharedMemory, stopAll, writeProgress } from './parallel-memory.ts';
import { SharedTable } from './parallel-table.ts';
import { Team } from './parallel-team.ts';
import type { ExploreResult, ExploreSettings } from './types.ts';

/** What a worker is asked: plain data with shared memory in it. */
export interface PartRequest {
  readonly image: Image;
  readonly settings: ExploreSettings;
  readonly memory: SharedMemory;
  readonly worker: number;
}

/** Words given away for which a worker does one slice of its own work before it gives again. */
const WORDS_A_SLICE = 512;

/** Does a worker's part; returns what it has found when the whole search is over. */
export function searchPart(request: PartRequest): ExploreResult {
  const { image, settings, memory, worker } = request;
  const team = new Team(memory, worker);
  const table = new SharedTable(memory, worker, reduces(settings, image));
  const search = new SearchPart(searchMachine(image, settings.preemption), settings, memory, table);
  if (worker === 0) {
    table.unpark();
    search.begin();
    work(search, team, request);
  }
  while (!team.isStopped()) {
    table.park();
    const task = team.wait();
    table.unpark();
    if (task === 'end') break;
    if (task === 'round begins') search.startRound();
    else if (task === 'expand') {
      search.take(new FramesGiven(team.inbox));
      work(search, team, request);
    } else if (search.beginNextRound()) {
      team.beginRound();
      work(search, team, request);
    } else {
      team.endAll();
      break;
    }
  }
  table.park();
  return search.result();
}

/** Works until nothing is left here, or the search is stopped; gives work away meanwhile. */
function work(search: SearchPart, team: Team, { memory, worker }: PartRequest): void {
  let slicesToRest = 0;
  while (search.advance(0) && !team.isStopped()) {
    if (slicesToRest > 0) slicesToRest--;
    else if (team.isWorkWanted()) {
      const words = team.give((inbox) => search.give(inbox));
      slicesToRest = Math.floor(words / WORDS_A_SLICE);
    }
    writeProgress(memory, worker, search.progress());
  }
  writeProgress(memory, worker, search.progress());
}

class SearchPart extends ExhaustiveSearch {
  readonly #memory: SharedMemory;
  readonly #table: SharedTable;

  constructor(
    machine: Machine,
    settings: ExploreSettings,
    memory: SharedMemory,
    table: SharedTable,
  ) {
    super(machine, settings, { store: table, claims: memory.claims });
    this.#memory = memory;
    this.#table = table;
    this.started = true;
  }

  /** The next unit of work begins at state 0. */
  begin(): void {
    this.started = false;
  }

  /** No worker has anything left. Whether another round is needed; it begins here. */
  beginNextRound(): boolean {
    return super.endRound();
  }

  override startRound(): void {
    super.startRound();
    this.#table.startRound();
  }

  /** Nothing is left here: others may still have work. */
  protected override endRound(): boolean {
    return false;
  }

  override stop(bound: string, limit: number): void {
    super.stop(bound, limit);
    stopAll(this.#memory, bound);
  }

  protected override mayCount(): boolean {
    return this.#table.count();
  }

  /** Gives a part of what is to do away, as FramesGiven; the words written. */
  give(inbox: Int32Array): number {
    return this.frames.give(this.path, inbox);
  }

  /** Goes to the states given, and is about to make the moves given with them. */
  take(given: FramesGiven): void {
    const { machine, frames } = this;
    this.toStart();
    while (given.next()) {
      while (this.pathLength < given.pathLength) this.repeatMove(given.move(this.pathLength));
      frames.push(machine.mark(), given.pathLength, given.sleep, given.share);
      for (const move of given.moves) frames.addMove(move);
    }
  }
}
