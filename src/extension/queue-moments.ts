/** The cleanup queue of the session that is debugged, asked for anew at every stop. */
import * as vscode from 'vscode';
import type { QueueMoment, ToQueueView } from '../views/queue-messages.ts';

const type = 'coroscope';
/** Set while what is debugged has a cleanup queue: the view hides otherwise. */
const contextKey = 'coroscope.hasCleanupQueue';

/** Follows the active session, and tells what views have to show. */
export class QueueMoments {
  readonly #changed = new vscode.EventEmitter<ToQueueView>();
  readonly onDidChange = this.#changed.event;
  #session: vscode.DebugSession | undefined;
  #moment: QueueMoment | null = null;
  #isMoving = false;

  /** The session whose queue is shown. */
  get session(): vscode.DebugSession | undefined {
    return this.#session;
  }

  /** What a view that has just opened is told. */
  get now(): ToQueueView {
    if (this.#moment === null) return { kind: 'nothing' };
    return this.#isMoving ? { kind: 'moving' } : { kind: 'moment', moment: this.#moment };
  }

  register(): vscode.Disposable {
    return vscode.Disposable.from(
      this.#changed,
      vscode.debug.registerDebugAdapterTrackerFactory(type, {
        createDebugAdapterTracker: (session) => ({
          onDidSendMessage: (message: { type?: string; event?: string }) => {
            if (message.type === 'event') this.#onEvent(session, message.event ?? '');
          },
        }),
      }),
      vscode.debug.onDidChangeActiveDebugSession((session) => {
        if (session !== undefined && session.type === type && session !== this.#session) {
          this.#moment = null;
          void this.#refresh(session);
        }
      }),
      vscode.debug.onDidTerminateDebugSession((session) => {
        if (session === this.#session) this.#forget();
      }),
    );
  }

  #onEvent(session: vscode.DebugSession, event: string): void {
    switch (event) {
      case 'stopped':
      case 'invalidated':
        void this.#refresh(session);
        break;
      case 'continued':
        if (session === this.#session) this.#tellMoving();
        break;
      case 'terminated':
        if (session === this.#session) this.#forget();
        break;
    }
  }

  async #refresh(session: vscode.DebugSession): Promise<void> {
    const last = session === this.#session ? this.#moment : null;
    this.#session = session;
    let moment: QueueMoment;
    try {
      const since = last?.instruction;
      moment = (await session.customRequest('coroscope/queue', { since })) as QueueMoment;
    } catch {
      // It runs again, or is over: the next stop asks anew.
      if (session === this.#session) this.#tellMoving();
      return;
    }
    if (session !== this.#session) return;
    // The same moment, shown once more for another goroutine: the marks stay.
    const isSame = last !== null && last.instruction === moment.instruction;
    this.#moment = isSame && last.step === moment.step ? last : moment;
    this.#isMoving = false;
    void vscode.commands.executeCommand('setContext', contextKey, moment.report !== null);
    this.#changed.fire({ kind: 'moment', moment: this.#moment });
  }

  #tellMoving(): void {
    this.#isMoving = true;
    this.#changed.fire({ kind: 'moving' });
  }

  #forget(): void {
    this.#session = undefined;
    this.#moment = null;
    this.#isMoving = false;
    void vscode.commands.executeCommand('setContext', contextKey, false);
    this.#changed.fire({ kind: 'nothing' });
  }
}
