/** What only the extension host can tell: VS Code's own view of the extension and its sessions. */
import assert from 'node:assert';
import * as vscode from 'vscode';

const id = 'coroscope.coroscope';

async function openScenario(name: string): Promise<vscode.TextDocument> {
  const [uri] = await vscode.workspace.findFiles(`**/${name}`);
  assert.ok(uri, `${name} is in the workspace`);
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document);
  return document;
}

/** Waits for an event of VS Code's that `isWanted`. */
function eventOf<Event>(event: vscode.Event<Event>, isWanted: (value: Event) => boolean) {
  return new Promise<Event>((resolve) => {
    const listening = event((value) => {
      if (!isWanted(value)) return;
      listening.dispose();
      resolve(value);
    });
  });
}

/** The frame that VS Code focuses at the next stop. */
async function nextStop(): Promise<vscode.DebugStackFrame> {
  const item = await eventOf(
    vscode.debug.onDidChangeActiveStackItem,
    (value) => value instanceof vscode.DebugStackFrame,
  );
  return item as vscode.DebugStackFrame;
}

describe('in the extension host', () => {
  it('the extension activates within its budget', async () => {
    const extension = vscode.extensions.getExtension(id);
    assert.ok(extension, `${id} is installed`);
    await openScenario('lockosthread.coro');
    await extension.activate();
    assert.ok(extension.isActive);
  });

  it('a scenario with a mistake has a diagnostic', async () => {
    const content = 'scenario S expect ok {\n\tx := 1\n}\n';
    const document = await vscode.workspace.openTextDocument({ language: 'coro', content });
    const changed = () => vscode.languages.getDiagnostics(document.uri).length > 0;
    if (!changed()) await eventOf(vscode.languages.onDidChangeDiagnostics, changed);
    const [diagnostic] = vscode.languages.getDiagnostics(document.uri);
    assert.equal(diagnostic.source, 'coroscope');
    assert.equal(diagnostic.range.start.line, 1);
  });

  it('links to run and to debug stand above every scenario', async () => {
    const document = await openScenario('lockosthread.coro');
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      document.uri,
    );
    const debug = lenses.filter(({ command }) => command?.title === 'Debug');
    assert.equal(debug.length, document.getText().match(/^scenario /gm)?.length);
  });

  it('a model opens as a read-only document', async () => {
    const uri = vscode.Uri.parse('coroscope-model:/go/coro.coro');
    const document = await vscode.workspace.openTextDocument(uri);
    assert.match(document.getText(), /func coroswitch/);
    assert.equal(document.languageId, 'coro');
  });

  it('a session stops at its entry, steps, and answers for the cleanup queue', async () => {
    const document = await openScenario('cleanup.coro');
    const first = nextStop();
    const isStarted = await vscode.debug.startDebugging(undefined, {
      type: 'coroscope',
      request: 'launch',
      name: 'entry',
      program: document.uri.fsPath,
      stopOnEntry: true,
    });
    assert.ok(isStarted);
    const { session } = await first;
    const second = nextStop();
    await vscode.commands.executeCommand('workbench.action.debug.stepOver');
    await second;
    const answer = await session.customRequest('coroscope/queue');
    assert.equal(answer.report.state.profile, 'go1.25-pre');
    assert.equal(answer.report.state.condition.kind, 'idle');
    const ended = eventOf(vscode.debug.onDidTerminateDebugSession, (one) => one === session);
    await vscode.debug.stopDebugging(session);
    await ended;
  });
});
