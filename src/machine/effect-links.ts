/**
 * What is pending for a thread after a step, remembered: a link leads from the effect of the step
 * and the effect that was pending for the thread before it to the one that is pending then. (For
 * the thread that has moved, both are the effect of its step.)
 *
 * If the step writes no word that the pending effect touches, that effect stays. Else the next one
 * is looked up once. Of the words that it touches, most have values that the two effects of the
 * link determine, being touched or written by them; only the others must be compared when the link
 * is met again, and there are hardly any.
 */
import type { Core } from './core.ts';
import { HEADER_WORDS, NONE, TOUCHED, WRITTEN } from './effect-pool.ts';
import type { Effects } from './effects.ts';
import { grown } from './pool.ts';

/** A link: its two effects in one word, and what follows. */
const LINK_WORDS = 2;
const FIRST_LINKS = 1 << 10;
const LINKS_LIMIT = 1 << 19;
/** What follows is an effect, or, negative, the first of several records: index of the next one,
 *  effect, number of words to be compared, then (address, value) of each. */
const RECORD_HEADER = 3;
const FIRST_RECORD_WORDS = 1 << 12;
const RECORDS_LIMIT_WORDS = 1 << 22;
/** Records of one link; beyond that it is faster to look the effect up. */
const RECORDS_OF_LINK = 6;
const FIRST_WORDS = 1 << 12;

export class EffectLinks {
  readonly #core: Core;
  readonly #effects: Effects;
  #table = new Int32Array(FIRST_LINKS * LINK_WORDS);
  /** Of an index in the table. */
  #mask = FIRST_LINKS * LINK_WORDS - LINK_WORDS;
  #count = 0;
  #records = new Int32Array(FIRST_RECORD_WORDS);
  #recordsEnd = 1;

  /** By address: the number of the question in which it was noted last, and its value then. */
  #noted = new Int32Array(FIRST_WORDS);
  #notedValues = new Int32Array(FIRST_WORDS);
  #question = 0;

  constructor(core: Core, effects: Effects) {
    this.#core = core;
    this.#effects = effects;
  }

  /** What follows, as far as it is known: an effect; a negative number or NONE for `resolve`. */
  find(step: number, before: number): number {
    const table = this.#table;
    const mask = this.#mask;
    const pair = (step << 16) | before;
    for (let at = hash(pair) & mask; ; at = (at + LINK_WORDS) & mask) {
      const found = table[at];
      if (found === pair) return table[at + 1];
      if (found === 0) return NONE;
    }
  }

  /** What is pending for the thread, whose step or another one's was just made, when `find` has
   *  given `found`. NONE: that cannot be remembered. */
  resolve(found: number, step: number, before: number, thread: number): number {
    if (found === NONE && step !== before && this.#isIndependent(step, before)) {
      this.#set(step, before, before);
      return before;
    }
    let count = 0;
    const { memory } = this.#core;
    const records = this.#records;
    for (let record = -found; record !== 0; record = records[record]) {
      let at = record + RECORD_HEADER;
      const end = at + 2 * records[record + 2];
      while (at < end && memory[records[at]] === records[at + 1]) at += 2;
      if (at === end) return records[record + 1];
      count++;
    }
    const { generation } = this.#effects;
    const after = this.#effects.pendingOf(thread);
    // If all effects were dropped meanwhile, those of the link are none any more.
    const isUsable = after !== NONE && this.#effects.generation === generation;
    if (isUsable && count < RECORDS_OF_LINK) this.#learn(-found, step, before, after);
    return after;
  }

  /** Forgets all: effects have been dropped. */
  clear(): void {
    this.#table.fill(0);
    this.#count = 0;
    this.#recordsEnd = 1;
  }

  /** Notes what follows; `next`: the first of the link's records. */
  #learn(next: number, step: number, before: number, after: number): void {
    if (this.#recordsEnd > RECORDS_LIMIT_WORDS) {
      this.clear();
      return;
    }
    this.#ask();
    this.#noteTouched(before);
    this.#noteTouched(step);
    const { pool, entries } = this.#effects;
    const entry = entries[step];
    let at = entry + HEADER_WORDS + 2 * pool[entry + TOUCHED];
    const end = at + 3 * pool[entry + WRITTEN];
    for (; at < end; at += 3) this.#note(pool[at], pool[at + 2]);
    const record = this.#recordsEnd;
    const words = this.#writeRecord(record, next, after);
    if (words === 0 && next === 0) this.#set(step, before, after);
    else {
      this.#recordsEnd = record + RECORD_HEADER + 2 * words;
      this.#set(step, before, -record);
    }
  }

  /** Writes a record of what `after` touches beyond the words noted; how many these are. */
  #writeRecord(record: number, next: number, after: number): number {
    const { pool, entries } = this.#effects;
    const from = entries[after] + HEADER_WORDS;
    const touched = pool[entries[after] + TOUCHED];
    const room = record + RECORD_HEADER + 2 * touched;
    if (room > this.#records.length) {
      this.#records = grown(this.#records, Math.max(this.#records.length * 2, room));
    }
    const records = this.#records;
    records[record] = next;
    records[record + 1] = after;
    let to = record + RECORD_HEADER;
    for (let at = from; at < from + 2 * touched; at += 2) {
      const address = pool[at];
      if (this.#noted[address] === this.#question) {
        if (this.#notedValues[address] === pool[at + 1]) continue;
        throw new Error('internal error: a step is followed by what it rules out, please report');
      }
      records[to++] = address;
      records[to++] = pool[at + 1];
    }
    const words = (to - record - RECORD_HEADER) >> 1;
    records[record + 2] = words;
    return words;
  }

  /** Whether the step writes no word that the other effect touches. */
  #isIndependent(step: number, other: number): boolean {
    this.#ask();
    this.#noteTouched(other);
    const { pool, entries } = this.#effects;
    const entry = entries[step];
    let at = entry + HEADER_WORDS + 2 * pool[entry + TOUCHED];
    const end = at + 3 * pool[entry + WRITTEN];
    for (; at < end; at += 3) if (this.#noted[pool[at]] === this.#question) return false;
    return true;
  }

  #ask(): void {
    if (++this.#question < 0x7fffffff) return;
    this.#noted.fill(0);
    this.#question = 1;
  }

  #noteTouched(effect: number): void {
    const { pool, entries } = this.#effects;
    const from = entries[effect] + HEADER_WORDS;
    const end = from + 2 * pool[entries[effect] + TOUCHED];
    for (let at = from; at < end; at += 2) this.#note(pool[at], pool[at + 1]);
  }

  #note(address: number, value: number): void {
    if (address >= this.#noted.length) {
      const words = Math.max(this.#noted.length * 2, address + 1);
      this.#noted = grown(this.#noted, words);
      this.#notedValues = grown(this.#notedValues, words);
    }
    this.#noted[address] = this.#question;
    this.#notedValues[address] = value;
  }

  #set(step: number, before: number, value: number): void {
    const table = this.#table;
    const pair = (step << 16) | before;
    let at = hash(pair) & this.#mask;
    while (table[at] !== 0 && table[at] !== pair) at = (at + LINK_WORDS) & this.#mask;
    const isNew = table[at] === 0;
    table[at] = pair;
    table[at + 1] = value;
    if (!isNew || ++this.#count * 4 < table.length) return;
    if (this.#count >= LINKS_LIMIT) this.clear();
    else this.#grow();
  }

  #grow(): void {
    const old = this.#table;
    const table = new Int32Array(old.length * 2);
    const mask = table.length - LINK_WORDS;
    for (let from = 0; from < old.length; from += LINK_WORDS) {
      if (old[from] === 0) continue;
      let at = hash(old[from]) & mask;
      while (table[at] !== 0) at = (at + LINK_WORDS) & mask;
      table[at] = old[from];
      table[at + 1] = old[from + 1];
    }
    this.#table = table;
    this.#mask = mask;
  }
}

/** Both effects are small numbers, that come in all combinations: they are mixed well. */
function hash(pair: number): number {
  const h = Math.imul(pair ^ (pair >>> 15), 0x9e3779b1);
  return h ^ (h >>> 14);
}
