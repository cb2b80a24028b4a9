// The cleanup-queue view, stopped in a lost wake-up that a search has found.
import assert from 'node:assert';
import { inWorkbench, scheduleTo } from './fixture.mjs';

const file = 'cleanup.coro';
const scenario = 'LostWakeupBelowCap';

describe('the cleanup-queue view', function suite() {
  this.timeout(60_000);
  const fixture = inWorkbench({
    files: [file],
    configurations: () => [
      {
        type: 'coroscope',
        request: 'launch',
        name: 'Lost wake-up',
        program: `\${workspaceFolder}/${file}`,
        scenario,
        trace: scheduleTo('stuck', file, scenario),
      },
    ],
  });
  const view = () => fixture.workbench.webview();
  /** Waits for a part of the view that holds a text. */
  const sees = (selector, text) =>
    view().locator(selector).filter({ hasText: text }).first().waitFor();

  it('shows the stranded block and the sleeping goroutine at the end', async () => {
    const { workbench } = fixture;
    await workbench.openFile(file);
    await workbench.openDebugView();
    await workbench.startDebugging();
    await workbench.page.locator('.exception-widget').waitFor();
    for (const pane of ['Variables', 'Watch', 'Call Stack', 'Breakpoints']) {
      await workbench.setPane(pane, false);
    }
    await workbench.setPane('Cleanup Queue', true);
    await sees('.condition', 'Lost wake-up');
    await sees('.condition', 'every cleanup goroutine sleeps, and nobody will be told');
    await sees('.part.full .block', 'block 1');
    await sees('.goroutine.asleep', 'G2');
    await workbench.screenshot('5-lost-wake-up');
  });

  it('shows the moment before after one step back', async () => {
    const { workbench } = fixture;
    await workbench.debugAction('Step Back');
    await sees('.goroutine.leaving', 'on its way to sleep');
    await sees('.part.full .block', 'block 1');
    await workbench.screenshot('6-moment-before');
  });

  it('goes from change to change, and marks what changed', async () => {
    const inDanger = view().locator('.condition').filter({ hasText: 'In danger' });
    for (let tries = 0; tries < 6 && !(await inDanger.isVisible()); tries++) {
      const shown = (await view().locator('.where').textContent()) ?? '';
      await view().getByRole('button', { name: 'Previous change' }).click();
      await view().locator('.where').filter({ hasNotText: shown }).waitFor();
    }
    await inDanger.waitFor();
    await view().getByRole('button', { name: 'Next change' }).click();
    await sees('.counter.changed', 'state.wakes');
    await sees('.counter.changed .mark', 'was 1');
    await sees('.condition', 'Lost wake-up');
    await fixture.workbench.screenshot('7-change');
  });

  it('opens the line that queued a block, and goes to that moment', async () => {
    const { workbench } = fixture;
    await view()
      .getByRole('button', { name: /^block 1/ })
      .click();
    const model = '.monaco-editor[data-uri="coroscope-model:/go/cleanup.coro"]';
    await workbench.page.locator(model).waitFor();
    await sees('.origin', 'enqueue, by G1');
    await view().getByRole('button', { name: 'Go to that moment' }).click();
    await sees('.part.full', 'no block');
    await workbench.screenshot('8-origin');
  });

  it('leads from a goroutine to its stack', async () => {
    const { workbench } = fixture;
    await view().getByRole('button', { name: /^G2/ }).click();
    await workbench.setPane('Call Stack', true);
    await workbench.waitForFrame(/^G2 \[/);
  });

  it('is walked through with the arrow keys', async () => {
    await view().getByRole('button', { name: 'Previous change' }).focus();
    await fixture.workbench.page.keyboard.press('End');
    const focused = await view()
      .locator('body')
      .evaluate(() => document.activeElement?.textContent ?? '');
    assert.match(focused, /^max/);
  });

  it('opens as an editor panel', async () => {
    const { workbench } = fixture;
    await workbench.runCommand('Coroscope: Open Cleanup Queue');
    const panels = workbench.page.locator('iframe.webview.ready[src*="extensionId=coroscope"]');
    await panels.nth(1).waitFor();
    const panel = panels.nth(1).contentFrame().frameLocator('iframe#active-frame');
    await panel.locator('.condition').waitFor();
    await workbench.screenshot('9-panel');
  });

  it('is printed in the Debug Console', async () => {
    await fixture.workbench.evaluate('queue', 'Cleanup queue on go1.25-pre');
  });
});
