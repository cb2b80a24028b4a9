/** What the tests of src/run share: scenarios loaded from text, runs, small walks. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { formatDiagnostic } from '../../src/language/diagnostics.ts';
import type { Image } from '../../src/language/image.ts';
import { Breakpoints } from '../../src/run/breakpoints.ts';
import { type Frame, Inspector } from '../../src/run/inspect.ts';
import { load, type LoadRequest } from '../../src/run/load.ts';
import { NaturalPolicy } from '../../src/run/natural.ts';
import { type Movement, Stepper, type Stop } from '../../src/run/stepping.ts';
import { Timeline, type TimelineOptions } from '../../src/run/timeline.ts';

/** Compiles a text (or fails with its diagnostics). */
export function imageOf(text: string, request: LoadRequest = {}): Image {
  const { image, diagnostics, problem } = load({ path: 'test.coro', text }, request);
  const complaints = [...diagnostics.map(formatDiagnostic), ...(problem ? [problem] : [])];
  assert.ok(image, complaints.join('\n'));
  return image;
}

export function imageOfFile(path: string, request: LoadRequest = {}): Image {
  const { image, diagnostics, problem } = load({ path, text: readFileSync(path, 'utf8') }, request);
  const complaints = [...diagnostics.map(formatDiagnostic), ...(problem ? [problem] : [])];
  assert.ok(image, complaints.join('\n'));
  return image;
}

/** Small machines: tests make many. They check themselves where a test asks for it. */
const machine = { memoryWords: 1 << 20 };

export function timelineOf(image: Image, options: Partial<TimelineOptions> = {}): Timeline {
  return new Timeline(image, {
    policy: new NaturalPolicy(),
    checkInvariants: true,
    ...options,
    machine: { ...machine, ...options.machine },
  });
}

export function runToEnd(timeline: Timeline): void {
  while (timeline.walk(null, Number.MAX_SAFE_INTEGER) !== 'ended');
}

export function outputOf(timeline: Timeline): string {
  return timeline.output.map((line) => line.text).join('');
}

/** Everything that makes up a state, for comparing two. */
export function stateOf(timeline: Timeline): string {
  const { words, hashLow, hashHigh } = timeline.machine.snapshot();
  let sum = 0;
  for (let i = 0; i < words.length; i++) sum = (Math.imul(sum, 31) + words[i]) | 0;
  const outcome = timeline.outcome?.kind ?? '-';
  const { instruction, step, insideStep, thread } = timeline;
  const printed = timeline.output.length;
  const place = `${instruction}/${step}/${insideStep}/${thread}/${printed}/${outcome}`;
  return `${place} ${words.length}:${sum} ${hashLow}:${hashHigh}`;
}

/** A debugger without a protocol: moves, and says where it stands. */
export class Debugger {
  readonly timeline: Timeline;
  readonly inspector: Inspector;
  readonly breakpoints: Breakpoints;
  readonly stepper: Stepper;
  readonly logs: string[] = [];
  justMyCode = true;
  stop: Stop;

  constructor(image: Image, options: Partial<TimelineOptions> = {}) {
    this.timeline = timelineOf(image, options);
    this.inspector = new Inspector(image, this.timeline.machine);
    this.breakpoints = new Breakpoints(image);
    this.stepper = new Stepper(this.timeline, this.inspector, this.breakpoints);
    this.stepper.onLog = (hit) => this.logs.push(...hit.logs.map((log) => log.text));
    this.stop = this.stepper.toEntry().run(Number.MAX_SAFE_INTEGER) as Stop;
  }

  /** Moves on behalf of the goroutine of the last stop, and says where it rests. */
  go(movement: Movement): string {
    const goroutine = this.stop.goroutine ?? 1;
    const { justMyCode } = this;
    const running = this.stepper.begin({
      movement,
      goroutine,
      justMyCode,
      outcomeFilter: (outcome) => outcome.kind !== 'ok',
    });
    let stop = running.run(1000);
    while (stop === null) stop = running.run(1000);
    this.stop = stop;
    return this.where();
  }

  frame(): Frame | null {
    const goroutine = this.inspector.goroutine(this.stop.goroutine ?? 0);
    return goroutine === null ? null : (this.inspector.frames(goroutine)[0] ?? null);
  }

  /** `step G2 main.ones:12 yield(1)`: why, who, and the line. */
  where(): string {
    const { reason, outcome } = this.stop;
    const frame = this.frame();
    const goroutine = this.inspector.goroutine(this.stop.goroutine ?? 0);
    const who = goroutine?.shortName ?? '-';
    if (outcome !== null) return `${reason} ${who} ${outcome.kind} ${outcome.message}`.trim();
    if (frame === null) return `${reason} ${who}`;
    const text = this.timeline.image.files[frame.file].text.split('\n')[frame.line - 1].trim();
    return `${reason} ${who} ${frame.name}:${frame.line} ${text}`;
  }
}
