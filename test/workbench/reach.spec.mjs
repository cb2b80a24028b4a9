// A breakpoint as a question: from the editor, without a session and in one.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { inWorkbench } from './fixture.mjs';

const file = 'cleanup.coro';
const lines = readFileSync(path.join('test', 'scenarios', 'go', file), 'utf8').split('\n');
/** The line, from 1, that holds a text. */
const lineOf = (text) => lines.findIndex((line) => line.includes(text)) + 1;
const command = 'Coroscope: Find a Schedule That Reaches This Line';

describe('finding a schedule that reaches a line', function suite() {
  this.timeout(60_000);
  const fixture = inWorkbench({ files: [file] });

  it('begins a session that stops there', async () => {
    const { workbench } = fixture;
    await workbench.openFile(file);
    const line = lineOf('runtime.SyscallWait(&closed)');
    await workbench.gotoLine(line);
    await workbench.runCommand(command);
    await workbench.waitForStop();
    await workbench.waitForLine(file, line);
    await workbench.openDebugView();
    const stack = workbench.page.locator('.pane-header[aria-label^="Call Stack"]');
    await stack.filter({ hasText: 'Reached: 0 preemptions' }).waitFor();
    await workbench.screenshot('10-reached');
  });

  it('finds another line in that session, from the context menu', async () => {
    const { workbench } = fixture;
    const line = lineOf('atomic.StoreUint32(word, 1)');
    await workbench.gotoLine(line);
    await workbench.page.keyboard.press('Shift+F10');
    const item = workbench.page.getByRole('menuitem', {
      name: 'Find a Schedule That',
      exact: false,
    });
    await item.first().waitFor();
    await workbench.screenshot('11-reach-menu');
    await item.first().click();
    await workbench.waitForLine(file, line);
  });

  it('says in words when a condition never holds there', async () => {
    const { workbench } = fixture;
    await workbench.gotoLine(lineOf('atomic.StoreUint32(word, 1)'));
    await workbench.runCommand(`${command} When…`);
    const input = workbench.page.locator('.quick-input-widget:visible input').first();
    await input.fill('word == nil');
    await workbench.page.keyboard.press('Enter');
    const note = workbench.page.locator('.notification-list-item', { hasText: 'No schedule' });
    await note.first().waitFor({ timeout: 40_000 });
    await workbench.screenshot('12-not-reached');
  });
});
