/**
 * Moving in time beyond what VS Code has buttons for: each command asks the session for one of the
 * adapter's own requests, and the stop that follows shows where it led.
 */
import * as vscode from 'vscode';
import type { Outcome } from '../language/image.ts';
import type { Branch } from '../run/timeline.ts';

/** What VS Code hands to commands in the context menu of a variable; all of it may be missing. */
interface VariableContext {
  readonly container?: { readonly variablesReference?: number };
  readonly variable?: { readonly name?: string; readonly evaluateName?: string };
}

/** What it hands, as a second argument, to those in the context menu of the call stack. */
interface CallStackContext {
  /** `thread:SESSION:NUMBER` */
  readonly threadId?: string;
}

/** Registers the commands of the debug toolbar and of the context menus of its views. */
export function registerTimeTravel(): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.commands.registerCommand('coroscope.previousHandoff', () =>
      tellErrors(() => request('previousHandoff')),
    ),
    vscode.commands.registerCommand('coroscope.nextHandoff', () =>
      tellErrors(() => request('nextHandoff')),
    ),
    vscode.commands.registerCommand('coroscope.reverseStepInto', () =>
      tellErrors(() => request('reverseStepInto', { threadId: activeThread() })),
    ),
    vscode.commands.registerCommand('coroscope.reverseStepOut', () =>
      tellErrors(() => request('reverseStepOut', { threadId: activeThread() })),
    ),
    vscode.commands.registerCommand('coroscope.goToStep', () => tellErrors(goToStep)),
    vscode.commands.registerCommand('coroscope.copySchedule', () => tellErrors(copySchedule)),
    vscode.commands.registerCommand('coroscope.switchBranch', () => tellErrors(switchBranch)),
    vscode.commands.registerCommand(
      'coroscope.goToWakeUp',
      (element?: unknown, context?: CallStackContext) =>
        tellErrors(() => request('wakeUp', { threadId: threadMeant(element, context) })),
    ),
    vscode.commands.registerCommand('coroscope.whoWrote', (context?: VariableContext) =>
      tellErrors(() => whoWrote(context)),
    ),
  );
}

/** Asks the session in the foreground. Rejects with what the adapter says when it cannot. */
async function request<Answer>(name: string, args: object = {}): Promise<Answer> {
  const session = vscode.debug.activeDebugSession;
  if (session?.type !== 'coroscope') {
    throw new Error(vscode.l10n.t('No scenario is being debugged.'));
  }
  return (await session.customRequest(`coroscope/${name}`, args)) as Answer;
}

/** Runs a command; what goes wrong is shown in one message. */
async function tellErrors(command: () => Promise<unknown>): Promise<void> {
  try {
    await command();
  } catch (error) {
    void vscode.window.showWarningMessage(error instanceof Error ? error.message : String(error));
  }
}

/** The thread selected in the Call Stack. */
function activeThread(): number | undefined {
  return vscode.debug.activeStackItem?.threadId;
}

/** The thread that a context menu was opened on, else the selected one. */
function threadMeant(element: unknown, context?: CallStackContext): number | undefined {
  if (typeof element === 'number') return element;
  const number = /^thread:.*:(\d+)$/.exec(context?.threadId ?? '')?.[1];
  return number === undefined ? activeThread() : Number(number);
}

async function goToStep(): Promise<void> {
  const { step, totalSteps } = await request<{ step: number; totalSteps: number }>('timeline');
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('Go to Step'),
    prompt: vscode.l10n.t('A step from 0 to {0}; now it is {1}.', totalSteps, step),
    value: String(step),
    validateInput: (value) =>
      /^\s*\d+\s*$/.test(value) && Number(value) <= totalSteps
        ? undefined
        : vscode.l10n.t('A whole number from 0 to {0}', totalSteps),
  });
  if (text !== undefined) await request('seek', { step: Number(text) });
}

async function copySchedule(): Promise<void> {
  const { schedule } = await request<{ schedule: string }>('schedule');
  await vscode.env.clipboard.writeText(schedule);
  const message = vscode.l10n.t('Copied: the attribute "trace" of a launch configuration takes it');
  vscode.window.setStatusBarMessage(message, 5000);
}

async function switchBranch(): Promise<void> {
  const { branches, current } = await request<{ branches: Branch[]; current: number }>('branches');
  if (branches.length < 2) {
    const message = vscode.l10n.t(
      'History has one branch so far. Step back and change a value, or pick another thread in ' +
        'Step Into Target, and another one begins.',
    );
    void vscode.window.showInformationMessage(message);
    return;
  }
  const picked = await vscode.window.showQuickPick(
    branches.map((branch) => ({ ...branchItem(branch, current), branch: branch.id })),
    { title: vscode.l10n.t('Which branch of history?') },
  );
  if (picked !== undefined) await request('switchBranch', { branch: picked.branch });
}

function branchItem(branch: Branch, current: number): vscode.QuickPickItem {
  const { id, parent, sharedSteps, steps, outcome } = branch;
  const origin =
    parent === null
      ? vscode.l10n.t('from the start')
      : vscode.l10n.t('left branch {0} after step {1}', parent, sharedSteps);
  const length = vscode.l10n.t('{0} steps so far', steps);
  return {
    label: `$(${id === current ? 'check' : 'git-branch'}) ${vscode.l10n.t('Branch {0}', id)}`,
    description: `${origin}, ${outcome === null ? length : endOf(steps, outcome)}`,
  };
}

function endOf(steps: number, { kind, message }: Outcome): string {
  return vscode.l10n.t('ends after step {0}: {1}', steps, `${kind} ${message}`.trim());
}

async function whoWrote(context?: VariableContext): Promise<void> {
  const variablesReference = context?.container?.variablesReference;
  const name = context?.variable?.name;
  if (variablesReference !== undefined && variablesReference > 0 && name !== undefined) {
    await request('whoWrote', { variablesReference, name });
    return;
  }
  const expression = await vscode.window.showInputBox({
    title: vscode.l10n.t('Who Wrote This Value Last'),
    prompt: vscode.l10n.t('A variable or another place that holds a value, such as M0.curg'),
  });
  if (!expression) return;
  const item = vscode.debug.activeStackItem;
  const frameId = item instanceof vscode.DebugStackFrame ? item.frameId : undefined;
  await request('whoWrote', { expression, frameId });
}
