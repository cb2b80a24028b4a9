/**
 * The cleanup-queue view: the picture of one moment. It keeps no state but the last message; the
 * extension sends a new one at every stop, in whichever direction time went.
 */
import { render } from 'preact';
import { Blocks } from './queue-blocks.tsx';
import type { FromQueueView, QueueMoment, ToQueueView } from './queue-messages.ts';
import { Counters, Goroutines, Processors } from './queue-parts.tsx';
import './queue.css';

declare function acquireVsCodeApi(): {
  postMessage(message: FromQueueView): void;
};

const vscode = acquireVsCodeApi();
const root = document.body;

let moment: QueueMoment | null = null;
let isMoving = false;
let origin: Extract<ToQueueView, { kind: 'origin' }> | null = null;

const ask = (message: FromQueueView) => vscode.postMessage(message);

window.addEventListener('message', ({ data }: MessageEvent<ToQueueView>) => {
  switch (data.kind) {
    case 'moment':
      moment = data.moment;
      isMoving = false;
      origin = null;
      break;
    case 'moving':
      isMoving = true;
      break;
    case 'nothing':
      moment = null;
      isMoving = false;
      origin = null;
      break;
    case 'origin':
      origin = data;
      break;
  }
  draw();
});

// Arrow keys go from thing to thing, as they do in the lists beside this view.
window.addEventListener('keydown', (event) => {
  const forward = event.key === 'ArrowDown' || event.key === 'ArrowRight';
  const back = event.key === 'ArrowUp' || event.key === 'ArrowLeft';
  if (!forward && !back && event.key !== 'Home' && event.key !== 'End') return;
  const items = [...document.querySelectorAll<HTMLElement>('button:not(:disabled)')];
  if (items.length === 0) return;
  const at = items.indexOf(document.activeElement as HTMLElement);
  const next = forward ? at + 1 : Math.max(0, at - 1);
  const wanted = event.key === 'Home' ? 0 : event.key === 'End' ? items.length - 1 : next;
  items[Math.min(wanted, items.length - 1)].focus();
  event.preventDefault();
});

function draw(): void {
  render(<View />, root);
}

function View() {
  if (moment === null) return <p class="hint">Debug a scenario to see its cleanup queue.</p>;
  const { report, scenario, step, outcome } = moment;
  if (report === null) {
    return <p class="hint">The runtime profile of {scenario} has no cleanup queue.</p>;
  }
  const { state, changes, sinceStep } = report;
  const props = { state, changes, ask };
  const isLost = state.condition.kind === 'lost';
  return (
    <main class={`queue ${state.condition.kind}${isMoving ? ' moving' : ''}`} aria-busy={isMoving}>
      <Condition kind={state.condition.kind} text={state.condition.text} />
      <div class="bar" role="toolbar" aria-label="Changes of the queue">
        <button type="button" onClick={() => ask({ kind: 'change', back: true })}>
          ◂ Previous change
        </button>
        <button
          type="button"
          disabled={outcome !== null}
          onClick={() => ask({ kind: 'change', back: false })}
        >
          Next change ▸
        </button>
        <span class="where">
          step {step}
          {outcome === null ? '' : `, end: ${outcome.kind}`}
        </span>
      </div>
      {origin === null ? null : <Origin text={origin.text} instruction={origin.instruction} />}
      <div class="flow">
        <Processors {...props} />
        <Blocks {...props} list="full" title={isLost ? 'Queued, and stranded' : 'Queued'} />
        <Goroutines {...props} />
        {state.accounting === 'finalizer' ? null : <Blocks {...props} list="free" title="Free" />}
      </div>
      <Counters {...props} />
      <p class="legend">
        {changes.length > 0 ? 'Marked: what changed ' : 'Nothing changed '}
        {sinceStep === step ? 'in this step so far.' : `since step ${sinceStep}.`}
      </p>
    </main>
  );
}

const headings = {
  idle: 'Idle',
  collecting: 'Collecting',
  pending: 'Wake-up pending',
  busy: 'At work',
  danger: 'In danger',
  lost: 'Lost wake-up',
} as const;

function Condition({
  kind,
  text,
}: {
  readonly kind: keyof typeof headings;
  readonly text: string;
}) {
  return (
    <div class="condition" role="status" aria-live="polite">
      <ConditionIcon isBad={kind === 'lost' || kind === 'danger'} />
      <div>
        <strong>{headings[kind]}</strong>
        <span class="sentence">{`${text.charAt(0).toUpperCase()}${text.slice(1)}.`}</span>
      </div>
    </div>
  );
}

function ConditionIcon({ isBad }: { readonly isBad: boolean }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
      {isBad ? (
        <path d="M8 1.2 15.4 14.4H.6Zm-.8 4.6.2 4.6h1.2l.2-4.6Zm.8 5.5a.9.9 0 1 0 0 1.8.9.9 0 0 0 0-1.8Z" />
      ) : (
        <path
          d="M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1Zm0 1.2a5.8 5.8 0 1 1 0 11.6A5.8 5.8 0 0 1 8 2.2ZM7.3 7h1.4v4.6H7.3Z
          m.7-2.7a.9.9 0 1 0 0 1.8.9.9 0 0 0 0-1.8Z"
        />
      )}
    </svg>
  );
}

function Origin({ text, instruction }: { text: string; instruction: number | null }) {
  return (
    <div class="origin" role="status">
      <span>{text}</span>
      {instruction === null ? null : (
        <button type="button" onClick={() => ask({ kind: 'travel', instruction })}>
          Go to that moment
        </button>
      )}
    </div>
  );
}

draw();
ask({ kind: 'ready' });
