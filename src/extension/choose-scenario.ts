/** Which scenario a command is about: the one it was called for, at the cursor, or picked. */
import * as vscode from 'vscode';
import { findScenarios, scenarioAt } from './scenarios.ts';

export interface ChosenScenario {
  readonly document: vscode.TextDocument;
  readonly scenario: string;
}

/**
 * The named scenario, or, without a name, the one at the cursor, or the one that the user picks.
 * `uri` is the .coro file; without it, the active editor's. Undefined when there is none, or the
 * user picks none.
 */
export async function chooseScenario(
  uri: vscode.Uri | undefined,
  name: string | undefined,
): Promise<ChosenScenario | undefined> {
  const target = uri ?? vscode.window.activeTextEditor?.document.uri;
  if (target === undefined) return undefined;
  const document = await vscode.workspace.openTextDocument(target);
  const scenario = name ?? scenarioAtCursor(document) ?? (await pickScenario(document));
  return scenario === undefined ? undefined : { document, scenario };
}

function scenarioAtCursor(document: vscode.TextDocument): string | undefined {
  const editor = vscode.window.visibleTextEditors.find((other) => other.document === document);
  if (editor === undefined) return undefined;
  return scenarioAt(document.getText(), document.offsetAt(editor.selection.active));
}

async function pickScenario(document: vscode.TextDocument): Promise<string | undefined> {
  const names = findScenarios(document.getText()).map((place) => place.name);
  if (names.length > 1) {
    const title = vscode.l10n.t('Which scenario?');
    return vscode.window.showQuickPick(names, { title });
  }
  if (names.length === 0) {
    void vscode.window.showErrorMessage(vscode.l10n.t('This file holds no scenario.'));
  }
  return names[0];
}
