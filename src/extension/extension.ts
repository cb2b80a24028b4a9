/**
 * The extension's entry, the same for desktop hosts and web worker hosts. It only registers what
 * the other files of this folder contribute; none of it runs before it is asked for.
 */
import type * as vscode from 'vscode';
import { registerCodeLenses } from './code-lens.ts';
import { registerCommands } from './commands.ts';
import { registerDebugger } from './debugger.ts';
import { registerDiagnostics } from './diagnostics.ts';
import { registerExploring } from './explore-schedules.ts';
import { registerLanguageFeatures } from './language-features.ts';
import { registerModelDocuments } from './model-documents.ts';
import { registerQueueView } from './queue-view.ts';
import { registerReaching } from './reach-line.ts';
import { registerTimeTravel } from './time-travel.ts';

/** Called by VS Code once, when a .coro file is opened or a debug session is asked for. */
export function activate(context: vscode.ExtensionContext): void {
  context.subscriptions.push(
    registerModelDocuments(),
    registerDiagnostics(),
    registerCodeLenses(),
    registerLanguageFeatures(),
    registerCommands(),
    registerExploring(context.extensionUri),
    registerDebugger(),
    registerQueueView(context.extensionUri),
    registerTimeTravel(),
    registerReaching(),
  );
}

/** Called where a worker runs this bundle: it serves whoever has started it. */
export async function serveSearches(): Promise<void> {
  const { serve } = await import('./engine.ts');
  serve();
}
