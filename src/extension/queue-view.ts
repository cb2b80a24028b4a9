/** The cleanup-queue view: in the side bar of Run and Debug, and the same as an editor panel. */
import * as vscode from 'vscode';
import type { FromQueueView, QueueOriginAnswer, ToQueueView } from '../views/queue-messages.ts';
import { uriOf } from './documents.ts';
import { QueueMoments } from './queue-moments.ts';

const viewId = 'coroscope.cleanupQueue';

/** Registers the view, the panel and the command that opens it. */
export function registerQueueView(extensionUri: vscode.Uri): vscode.Disposable {
  const moments = new QueueMoments();
  let panel: vscode.WebviewPanel | undefined;
  const adopt = (fresh: vscode.WebviewPanel) => {
    panel = fresh;
    fresh.onDidDispose(() => {
      panel = undefined;
    });
    fill(fresh.webview, fresh.onDidDispose, extensionUri, moments);
  };
  return vscode.Disposable.from(
    moments.register(),
    vscode.window.registerWebviewViewProvider(viewId, {
      resolveWebviewView: (view) => {
        fill(view.webview, view.onDidDispose, extensionUri, moments);
      },
    }),
    vscode.window.registerWebviewPanelSerializer(viewId, {
      deserializeWebviewPanel: async (restored) => adopt(restored),
    }),
    vscode.commands.registerCommand('coroscope.showCleanupQueue', () => {
      if (panel !== undefined) {
        panel.reveal();
        return;
      }
      const title = vscode.l10n.t('Cleanup Queue');
      const column = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
      adopt(vscode.window.createWebviewPanel(viewId, title, column));
    }),
  );
}

/** Puts the page into a webview, and lets it and the session talk. */
function fill(
  webview: vscode.Webview,
  onDidDispose: vscode.Event<void>,
  extensionUri: vscode.Uri,
  moments: QueueMoments,
): void {
  const dist = vscode.Uri.joinPath(extensionUri, 'dist', 'views');
  webview.options = { enableScripts: true, localResourceRoots: [dist] };
  const tell = (message: ToQueueView) => void webview.postMessage(message);
  const listening = vscode.Disposable.from(
    moments.onDidChange(tell),
    webview.onDidReceiveMessage((message: FromQueueView) => {
      answer(message, moments, tell).catch((error: unknown) => {
        const text = error instanceof Error ? error.message : String(error);
        tell({ kind: 'origin', text, instruction: null });
      });
    }),
  );
  onDidDispose(() => listening.dispose());
  webview.html = pageOf(webview, dist);
}

/** Does what the view asks for. Rejects with what the adapter says when it cannot. */
async function answer(
  message: FromQueueView,
  moments: QueueMoments,
  tell: (message: ToQueueView) => void,
): Promise<void> {
  const { session } = moments;
  if (message.kind === 'ready') {
    tell(moments.now);
    return;
  }
  if (session === undefined) return;
  switch (message.kind) {
    case 'focus':
      await session.customRequest('coroscope/focus', { threadId: message.id });
      return;
    case 'travel':
      await session.customRequest('coroscope/seek', { instruction: message.instruction });
      return;
    case 'change':
      await session.customRequest('coroscope/queueChange', { back: message.back });
      return;
    case 'origin':
    case 'writer': {
      const what = message.kind === 'origin' ? message.what : message.expression;
      const origin: QueueOriginAnswer = await session.customRequest(
        'coroscope/queueOrigin',
        message,
      );
      tell({ kind: 'origin', text: originText(what, origin), instruction: origin.instruction });
      await openOrigin(origin);
    }
  }
}

/** `block 1: runtime.(*cleanupQueue).enqueue, by G1 after step 62` */
function originText(what: string, origin: QueueOriginAnswer): string {
  const { goroutine, step } = origin;
  return `${what}: ${origin.function}, by ${goroutine} after step ${step}`;
}

/** Opens the line beside the panel, or where code is read. */
async function openOrigin({ source, line }: QueueOriginAnswer): Promise<void> {
  if (source?.path === undefined || line === undefined) return;
  const document = await vscode.workspace.openTextDocument(uriOf(source.path));
  const start = new vscode.Position(Math.max(0, line - 1), 0);
  const selection = new vscode.Range(start, start);
  await vscode.window.showTextDocument(document, {
    selection,
    viewColumn: vscode.ViewColumn.One,
    preserveFocus: true,
  });
}

/** The page: one script and one style sheet of the extension's own, and nothing else. */
function pageOf(webview: vscode.Webview, dist: vscode.Uri): string {
  const nonce = crypto.randomUUID();
  const uri = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(dist, name)).toString();
  const policy = [
    "default-src 'none'",
    `style-src ${webview.cspSource}`,
    `script-src 'nonce-${nonce}'`,
  ].join('; ');
  const title = vscode.l10n.t('Cleanup Queue');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${uri('queue.css')}">
<title>${title}</title>
</head>
<body><script type="module" nonce="${nonce}" src="${uri('queue.js')}"></script></body>
</html>
`;
}
