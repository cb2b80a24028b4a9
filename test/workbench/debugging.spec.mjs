// What a person does in a first session: open a scenario, F5, breakpoints, steps both ways, a
// throw.
import assert from 'node:assert';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { inWorkbench } from './fixture.mjs';

const file = 'lockosthread.coro';
const lines = readFileSync(path.join('test', 'scenarios', 'go', file), 'utf8').split('\n');
/** The line, from 1, that holds a text. */
const lineOf = (text) => lines.findIndex((line) => line.includes(text)) + 1;

describe('a first debug session', function suite() {
  this.timeout(60_000);
  const fixture = inWorkbench({ files: [file] });

  it('begins with F5 and no launch.json, and stops at a breakpoint in the gutter', async () => {
    const { workbench, folder } = fixture;
    await workbench.openFile(file);
    await workbench.clickGutter(file, lineOf('v, ok := next()'));
    await workbench.gotoLine(lineOf('scenario LockIterLockYield') + 5);
    await workbench.startDebugging();
    await workbench.waitForStop();
    await workbench.waitForLine(file, lineOf('v, ok := next()'));
    assert.ok(!existsSync(path.join(folder, '.vscode')), 'no launch.json is written');
  });

  it("shows the thread's lock counts in Variables", async () => {
    const { workbench } = fixture;
    await workbench.openDebugView();
    await workbench.expand('Thread (M)');
    await workbench.findVariable('lockedExt', '1');
    await workbench.findVariable('lockedg', 'G1');
    await workbench.screenshot('1-variables');
  });

  it('steps in over a handoff, onto the goroutine of the iterator', async () => {
    const { workbench } = fixture;
    await workbench.debugAction('Step Into');
    await workbench.waitForLine(file, lineOf('func iterLockYield') + 1);
    await workbench.waitForFrame('main.iterLockYield');
    await workbench.screenshot('2-handoff');
  });

  it('steps back to before the handoff', async () => {
    const { workbench } = fixture;
    await workbench.debugAction('Step Back');
    await workbench.waitForLine(file, lineOf('v, ok := next()'));
  });

  it('stops in the model at a function breakpoint on coroswitch', async () => {
    const { workbench } = fixture;
    await workbench.addFunctionBreakpoint('coroswitch');
    await workbench.debugAction('Continue');
    await workbench.page.locator('.tab.active[data-resource-name="coro.coro"]').waitFor();
    const line = workbench.editor('coro.coro').locator('.debug-top-stack-frame-line');
    await line.first().waitFor();
    await workbench.waitForFrame('runtime.coroswitch');
    await workbench.screenshot('3-coroswitch');
  });

  it('continues to the throw, and explains it in the exception widget', async () => {
    const { workbench } = fixture;
    await workbench.removeAllBreakpoints();
    await workbench.debugAction('Continue');
    const widget = workbench.page.locator('.exception-widget');
    await widget.waitFor();
    const text = (await widget.textContent()) ?? '';
    assert.match(text, /throw/);
    assert.match(text, /coro: OS thread locking must match locking at coroutine creation/);
    assert.match(text, /coro: got lock external 2, want 1/);
    await workbench.screenshot('4-throw');
  });

  it('steps back out of the throw', async () => {
    const { workbench } = fixture;
    await workbench.debugAction('Step Back');
    await workbench.page.locator('.exception-widget').waitFor({ state: 'hidden' });
    await workbench.waitForLine(file, lineOf('ok := yield(5)'));
  });

  it('ends when it is told to', async () => {
    const { workbench } = fixture;
    await workbench.debugAction('Stop');
    await workbench.page.locator('.debug-toolbar').waitFor({ state: 'hidden' });
  });
});
