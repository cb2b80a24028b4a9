/** `Run | Debug | Explore` above each scenario. */
import * as vscode from 'vscode';
import { findScenarios } from './scenarios.ts';

/** Registers the links for .coro files of any file system, models excepted. */
export function registerCodeLenses(): vscode.Disposable {
  return vscode.languages.registerCodeLensProvider({ language: 'coro' }, { provideCodeLenses });
}

function provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
  return findScenarios(document.getText()).flatMap(({ name, nameStart }) => {
    const range = document.lineAt(document.positionAt(nameStart)).range;
    const link = (title: string, command: string) =>
      new vscode.CodeLens(range, { title, command, arguments: [document.uri, name] });
    return [
      link(vscode.l10n.t('Run'), 'coroscope.runScenario'),
      link(vscode.l10n.t('Debug'), 'coroscope.debugScenario'),
      link(vscode.l10n.t('Explore'), 'coroscope.exploreSchedules'),
    ];
  });
}
