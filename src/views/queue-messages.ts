/** What the cleanup-queue view and the extension say to each other: plain data both ways. */
import type { QueueReport } from '../run/queue-text.ts';

/** The answer to the request `coroscope/queue`. */
export interface QueueMoment {
  /** Null: the profile has no cleanup queue. */
  readonly report: QueueReport | null;
  readonly scenario: string;
  readonly step: number;
  readonly instruction: number;
  readonly outcome: { readonly kind: string; readonly message: string } | null;
}

/** The answer to the request `coroscope/queueOrigin`. */
export interface QueueOriginAnswer {
  readonly instruction: number;
  readonly step: number;
  readonly goroutine: string;
  readonly function: string;
  readonly source?: { readonly path?: string };
  readonly line?: number;
}

/** What the view is told. */
export type ToQueueView =
  | { readonly kind: 'moment'; readonly moment: QueueMoment }
  /** The scenario moves; what is shown may be outdated. */
  | { readonly kind: 'moving' }
  /** Nothing is debugged. */
  | { readonly kind: 'nothing' }
  /** Where something came from, and that one can go there. */
  | { readonly kind: 'origin'; readonly text: string; readonly instruction: number | null };

/** What the view asks for. */
export type FromQueueView =
  | { readonly kind: 'ready' }
  /** Show the goroutine of this id, its stack and its variables. */
  | { readonly kind: 'focus'; readonly id: number }
  /** Open the line that put a block where it is, or that wrote the word at an address. */
  | {
      readonly kind: 'origin';
      readonly what: string;
      readonly block?: number;
      readonly address?: number;
    }
  /** Open the line that changed a counter last. */
  | { readonly kind: 'writer'; readonly expression: string }
  | { readonly kind: 'travel'; readonly instruction: number }
  /** To the previous or next change of the queue. */
  | { readonly kind: 'change'; readonly back: boolean };
