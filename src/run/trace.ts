/**
 * A trace: a schedule with what it was recorded on. Its file (`.corotrace`) is JSON, so that people
 * and other tools can read it; the schedule stands in it as its one-line text.
 */
import type { Image, Outcome } from '../language/image.ts';
import { decodeSchedule, encodeSchedule, type Refusal, type Schedule } from './schedule.ts';
import { hashText } from './text-hash.ts';

export const TRACE_VERSION = 1;

export interface Trace {
  /** `Image.hash`: of all sources, options and the scenario's name. */
  readonly imageHash: string;
  readonly files: readonly TraceFile[];
  readonly scenario: string;
  readonly profile: string;
  readonly options: Readonly<Record<string, number>>;
  readonly schedule: Schedule;
  /** Of the machine that it was recorded on. */
  readonly preemption: boolean;
  /** How the run ended, when it did. */
  readonly outcome: Outcome | null;
}

export interface TraceFile {
  /** As it was when the trace was recorded. */
  readonly path: string;
  readonly hash: string;
}

/** What a text that people give as a trace holds; `trace` is null for a bare schedule, which is
 *  bound to nothing. */
export interface TraceInput {
  readonly trace: Trace | null;
  readonly schedule: Schedule;
  /** For the timeline that follows it. */
  readonly preemption: boolean;
}

/** The text of a `.corotrace` file. */
export function formatTrace(
  image: Image,
  schedule: Schedule,
  outcome: Outcome | null,
  preemption = true,
): string {
  const trace = {
    coroscope: 'trace',
    version: TRACE_VERSION,
    scenario: image.scenario.name,
    profile: image.profile,
    options: image.options,
    imageHash: image.hash,
    files: image.files.map((file) => ({ path: file.path, hash: hashText(file.text) })),
    outcome,
    schedule: encodeSchedule(schedule, preemption),
  };
  return `${JSON.stringify(trace, null, 2)}\n`;
}

/**
 * Whether a text that people give as a trace is the one-line form itself, not the name of a file.
 */
export function isScheduleText(text: string): boolean {
  return /^\s*c\d+n?(?:\.\d|[^.\w/\\]|\s*$)/.test(text);
}

/** Reads the text of a `.corotrace` file, or a one-line schedule. */
export function parseTrace(text: string): TraceInput | Refusal {
  if (!text.trimStart().startsWith('{')) {
    const decoded = decodeSchedule(text);
    return 'problem' in decoded ? decoded : { trace: null, ...decoded };
  }
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return { problem: 'the trace is damaged: it is not complete JSON' };
  }
  if (!isRecord(content) || content.coroscope !== 'trace') {
    return { problem: 'this is no Coroscope trace: it has no "coroscope": "trace"' };
  }
  if (content.version !== TRACE_VERSION) {
    const found = JSON.stringify(content.version);
    return { problem: `trace of version ${found}; this program reads version ${TRACE_VERSION}` };
  }
  return readTrace(content);
}

function readTrace(content: Record<string, unknown>): TraceInput | Refusal {
  const { scenario, profile, imageHash, files, options } = content;
  const text = content.schedule;
  const complete =
    typeof scenario === 'string' &&
    typeof profile === 'string' &&
    typeof imageHash === 'string' &&
    typeof text === 'string' &&
    isRecord(options) &&
    Array.isArray(files) &&
    files.every(isTraceFile);
  if (!complete) return { problem: 'the trace is damaged: something is missing in it' };
  const decoded = decodeSchedule(text);
  if ('problem' in decoded) return { problem: `the trace is damaged: ${decoded.problem}` };
  const trace: Trace = {
    imageHash,
    files,
    scenario,
    profile,
    options: options as Record<string, number>,
    ...decoded,
    outcome: (content.outcome ?? null) as Outcome | null,
  };
  return { trace, ...decoded };
}

/** Null when the trace was recorded on this very image, else the reason why it was not. */
export function traceMismatch(trace: Trace, image: Image): string | null {
  if (trace.imageHash === image.hash) return null;
  if (trace.scenario !== image.scenario.name) {
    return `the trace is of scenario ${trace.scenario}, not ${image.scenario.name}`;
  }
  if (trace.profile !== image.profile) {
    return `the trace was recorded on ${trace.profile}, not on ${image.profile}`;
  }
  const recorded = new Set(trace.files.map((file) => file.hash));
  const changed = image.files.filter((file) => !recorded.has(hashText(file.text)));
  if (changed.length > 0) {
    const names = changed.map((file) => file.path).join(', ');
    return `the trace was recorded on another text of ${names}`;
  }
  return 'the trace was recorded with other options or by another version of Coroscope';
}

function isTraceFile(file: unknown): file is TraceFile {
  return isRecord(file) && typeof file.path === 'string' && typeof file.hash === 'string';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
