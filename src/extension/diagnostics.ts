/** Squiggles: problems of every open .coro file, a moment after the last key. */
import * as vscode from 'vscode';
import type { Problem } from './engine.ts';
import { pathOf } from './documents.ts';
import { modelScheme } from './model-documents.ts';

const delayMilliseconds = 150;

/** Checks open .coro documents now and whenever they change. */
export function registerDiagnostics(): vscode.Disposable {
  const collection = vscode.languages.createDiagnosticCollection('coroscope');
  const pending = new Map<string, ReturnType<typeof setTimeout>>();

  const forget = (document: vscode.TextDocument) => {
    clearTimeout(pending.get(document.uri.toString()));
    pending.delete(document.uri.toString());
    collection.delete(document.uri);
  };
  const check = async (document: vscode.TextDocument) => {
    pending.delete(document.uri.toString());
    const diagnostics = await diagnose(document);
    if (!document.isClosed) collection.set(document.uri, diagnostics);
  };
  const schedule = (document: vscode.TextDocument) => {
    // The models are checked by the project's tests, and a reader cannot mend them here.
    if (document.languageId !== 'coro' || document.uri.scheme === modelScheme) return;
    clearTimeout(pending.get(document.uri.toString()));
    const timer = setTimeout(() => void check(document), delayMilliseconds);
    pending.set(document.uri.toString(), timer);
  };

  for (const document of vscode.workspace.textDocuments) schedule(document);
  return vscode.Disposable.from(
    collection,
    vscode.workspace.onDidOpenTextDocument(schedule),
    vscode.workspace.onDidChangeTextDocument((event) => schedule(event.document)),
    vscode.workspace.onDidCloseTextDocument(forget),
    { dispose: () => pending.forEach((timer) => clearTimeout(timer)) },
  );
}

async function diagnose(document: vscode.TextDocument): Promise<vscode.Diagnostic[]> {
  const { problemsOf } = await import('./engine.ts');
  return problemsOf(pathOf(document.uri), document.getText()).map((problem) =>
    toDiagnostic(document, problem),
  );
}

function toDiagnostic(document: vscode.TextDocument, problem: Problem): vscode.Diagnostic {
  const range = new vscode.Range(
    document.positionAt(problem.start),
    document.positionAt(problem.end),
  );
  const severity =
    problem.severity === 'error'
      ? vscode.DiagnosticSeverity.Error
      : vscode.DiagnosticSeverity.Warning;
  const diagnostic = new vscode.Diagnostic(range, problem.message, severity);
  diagnostic.source = 'coroscope';
  diagnostic.code = problem.code;
  return diagnostic;
}
