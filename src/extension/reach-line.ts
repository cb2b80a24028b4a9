/**
 * "Find a Schedule That Reaches This Line": asks the session that is debugged, or starts one that
 * begins with the question. The adapter searches and shows how far it is; Cancel is its, too.
 */
import * as vscode from 'vscode';
import { chooseScenario } from './choose-scenario.ts';
import { pathOf, uriOf } from './documents.ts';
import { modelScheme } from './model-documents.ts';
import { scenarioAt } from './scenarios.ts';

const type = 'coroscope';

/** What VS Code hands to commands in the context menu of the line numbers. */
interface LineContext {
  readonly uri?: vscode.Uri;
  /** From 1. */
  readonly lineNumber?: number;
}

/** A line of a document, from 0. */
interface Place {
  readonly document: vscode.TextDocument;
  readonly line: number;
}

/** Registers the commands of editors' context menus. */
export function registerReaching(): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.commands.registerCommand('coroscope.reachLine', (context?: LineContext | vscode.Uri) =>
      tellErrors(async () => {
        const place = await placeMeant(context);
        if (place !== undefined) await reach(place, conditionOf(place));
      }),
    ),
    vscode.commands.registerCommand(
      'coroscope.reachLineWhen',
      (context?: LineContext | vscode.Uri) =>
        tellErrors(async () => {
          const place = await placeMeant(context);
          const condition = place && (await askCondition(place));
          if (place !== undefined && condition !== undefined) await reach(place, condition);
        }),
    ),
  );
}

/** The line that a menu was opened on, else that of the cursor. */
async function placeMeant(context?: LineContext | vscode.Uri): Promise<Place | undefined> {
  const editor = vscode.window.activeTextEditor;
  if (context !== undefined && 'lineNumber' in context && context.uri !== undefined) {
    const document = await vscode.workspace.openTextDocument(context.uri);
    return { document, line: (context.lineNumber ?? 1) - 1 };
  }
  return editor && { document: editor.document, line: editor.selection.active.line };
}

/** A breakpoint on the line may have asked already. */
function conditionOf({ document, line }: Place): string {
  const key = document.uri.toString();
  for (const breakpoint of vscode.debug.breakpoints) {
    if (!(breakpoint instanceof vscode.SourceBreakpoint)) continue;
    const { uri, range } = breakpoint.location;
    if (range.start.line !== line || uri.toString() !== key) continue;
    if (breakpoint.condition !== undefined) return breakpoint.condition;
  }
  return '';
}

function askCondition(place: Place): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: vscode.l10n.t('Find a Schedule That Reaches Line {0} When…', place.line + 1),
    prompt: vscode.l10n.t('An expression that must hold there, such as x == 1'),
    value: conditionOf(place),
  });
}

async function reach(place: Place, condition: string): Promise<void> {
  const { document, line } = place;
  const isModel = document.uri.scheme === modelScheme;
  const session = vscode.debug.activeDebugSession;
  if (session?.type === type && (isModel || isProgramOf(session, document))) {
    const source = { path: pathOf(document.uri) };
    const answer = (await session.customRequest('coroscope/reach', {
      source,
      line: line + 1,
      condition,
    })) as { found: boolean; message: string };
    if (!answer.found) void vscode.window.showInformationMessage(answer.message);
    return;
  }
  if (isModel) {
    throw new Error(
      vscode.l10n.t('A line of the runtime is reached by scenarios: debug one, then ask again.'),
    );
  }
  await start(place, condition);
}

function isProgramOf(session: vscode.DebugSession, document: vscode.TextDocument): boolean {
  const program: unknown = session.configuration.program;
  return typeof program === 'string' && uriOf(program).toString() === document.uri.toString();
}

/** Debugs the scenario that the line stands in, or the one that the user picks. */
async function start({ document, line }: Place, condition: string): Promise<void> {
  const own = scenarioAt(document.getText(), document.offsetAt(new vscode.Position(line, 0)));
  const chosen = await chooseScenario(document.uri, own);
  if (chosen === undefined) return;
  const { scenario } = chosen;
  await vscode.debug.startDebugging(vscode.workspace.getWorkspaceFolder(document.uri), {
    type,
    request: 'launch',
    name: scenario,
    program: pathOf(document.uri),
    scenario,
    reach: condition === '' ? String(line + 1) : `${line + 1} when ${condition}`,
  });
}

/** Shows what goes wrong; who cancelled knows that. */
async function tellErrors(command: () => Promise<unknown>): Promise<void> {
  try {
    await command();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (message !== 'cancelled') void vscode.window.showWarningMessage(message);
  }
}
