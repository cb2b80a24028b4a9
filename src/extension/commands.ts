/** The commands of the palette, the editor's title and the links above scenarios. */
import * as vscode from 'vscode';
import { chooseScenario } from './choose-scenario.ts';
import { pathOf } from './documents.ts';
import { modelPaths, modelUri } from './model-documents.ts';
import sample from './sample.coro';

/** Registers the commands that start something and those that open something. */
export function registerCommands(): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.commands.registerCommand('coroscope.newScenario', newScenario),
    vscode.commands.registerCommand('coroscope.debugScenario', (uri?: vscode.Uri, name?: string) =>
      startScenario(uri, name, false),
    ),
    vscode.commands.registerCommand('coroscope.runScenario', (uri?: vscode.Uri, name?: string) =>
      startScenario(uri, name, true),
    ),
    vscode.commands.registerCommand('coroscope.openModel', openModel),
    vscode.commands.registerCommand('coroscope.compareModels', compareModels),
  );
}

/** Starts the scenario that `uri` and `name` mean, see `chooseScenario`. */
async function startScenario(
  uri: vscode.Uri | undefined,
  name: string | undefined,
  noDebug: boolean,
): Promise<void> {
  const chosen = await chooseScenario(uri, name);
  if (chosen === undefined) return;
  const { document, scenario } = chosen;
  await vscode.debug.startDebugging(
    vscode.workspace.getWorkspaceFolder(document.uri),
    {
      type: 'coroscope',
      request: 'launch',
      name: scenario,
      program: pathOf(document.uri),
      scenario,
    },
    { noDebug },
  );
}

async function newScenario(): Promise<void> {
  const document = await vscode.workspace.openTextDocument({ language: 'coro', content: sample });
  await vscode.window.showTextDocument(document);
}

async function openModel(): Promise<void> {
  const title = vscode.l10n.t('Which model?');
  const path = await vscode.window.showQuickPick(modelPaths(), { title });
  if (path === undefined) return;
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(modelUri(path)));
}

/** Shows what differs between two runtime profiles in the diff editor, file by file. */
async function compareModels(): Promise<void> {
  const { modelDifferences, profileChoices } = await import('./engine.ts');
  const choices = profileChoices().map(({ name, description }) => ({ label: name, description }));
  const before = await vscode.window.showQuickPick(choices, {
    title: vscode.l10n.t('From which?'),
  });
  if (before === undefined) return;
  const others = choices.filter((choice) => choice.label !== before.label);
  const after = await vscode.window.showQuickPick(others, { title: vscode.l10n.t('To which?') });
  if (after === undefined) return;
  const pairs = modelDifferences(before.label, after.label);
  if (pairs.length === 0) {
    const message = vscode.l10n.t('Nothing that is modelled differs between the two.');
    void vscode.window.showInformationMessage(message);
    return;
  }
  const title = vscode.l10n.t('Which file?');
  const files = pairs.map((pair) => ({ label: pair.after ?? pair.before ?? '', pair }));
  const picked =
    files.length === 1 ? files[0] : await vscode.window.showQuickPick(files, { title });
  if (picked === undefined) return;
  const [left, right] = [picked.pair.before, picked.pair.after].map((path) =>
    modelUri(path ?? '/none'),
  );
  const name = `${picked.label} (${before.label} ↔ ${after.label})`;
  await vscode.commands.executeCommand('vscode.diff', left, right, name);
}
