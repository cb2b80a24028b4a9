// Explore in the editor: the search runs in workers, can be cancelled, and its schedules are
// debugged.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { inWorkbench } from './fixture.mjs';

const file = 'leaks.coro';
const large = 'cleanuppressure.coro';
const linesOf = (name) =>
  readFileSync(path.join('test', 'scenarios', 'go', name), 'utf8').split('\n');
/** The line, from 1, that holds a text. */
const lineOf = (name, text) => linesOf(name).findIndex((line) => line.includes(text)) + 1;

/** `workers`: what the list says of them; `more`: for the fixture. */
function suite(host, workers, more = {}) {
  describe(`exploring in ${host}`, function suite() {
    this.timeout(90_000);
    const fixture = inWorkbench({ files: [file, large], ...more });

    /** Explores the scenario of a file's line; gives the list of outcomes, once it is there. */
    async function explore(name, text) {
      const { workbench } = fixture;
      await workbench.openFile(name);
      await workbench.gotoLine(lineOf(name, text) + 1);
      await workbench.runCommand('Coroscope: Explore Schedules');
      return workbench.page.locator('.quick-input-widget:visible');
    }

    it('lists every outcome, found by workers', async () => {
      const { workbench } = fixture;
      const list = await explore(file, 'scenario QuitComesFirst');
      const title = list.locator('.quick-input-title', { hasText: 'complete: every schedule' });
      await title.filter({ hasText: workers }).waitFor({ timeout: 40_000 });
      const rows = list.locator('.monaco-list-row');
      await rows.filter({ hasText: 'G2 [chan send]' }).first().waitFor();
      await workbench.screenshot(`20-explored-${host.replaceAll(' ', '-')}`);
    });

    it('debugs the schedule that is picked', async () => {
      const { workbench } = fixture;
      const rows = workbench.page.locator('.quick-input-widget:visible .monaco-list-row');
      await rows.filter({ hasText: 'G2 [chan send]' }).first().click();
      await workbench.waitForStop();
      await workbench.debugAction('Continue');
      await workbench.waitForLine(file, lineOf(file, 'answer <- 42'));
      await workbench.screenshot(`21-leak-${host.replaceAll(' ', '-')}`);
      await workbench.debugAction('Stop');
    });

    it('keeps what was found when it is cancelled', async () => {
      const { workbench } = fixture;
      const list = await explore(large, 'scenario EightBlocks');
      const note = workbench.page.locator('.notification-list-item', { hasText: 'Exploring' });
      await note.filter({ hasText: /states, [1-9]\d* outcome/ }).waitFor({ timeout: 40_000 });
      await workbench.screenshot(`22-exploring-${host.replaceAll(' ', '-')}`);
      await note.locator('a.monaco-button', { hasText: 'Cancel' }).click();
      const title = list.locator('.quick-input-title', { hasText: 'not complete: cancelled' });
      await title.filter({ hasText: workers }).waitFor();
      await workbench.screenshot(`23-cancelled-${host.replaceAll(' ', '-')}`);
    });
  });
}

const settings = { 'remote.extensionKind': { 'coroscope.coroscope': ['web'] } };

suite('a Node host', ', 2 workers)');
suite('a web worker host', ', 1 worker)', { settings });
suite('a web worker host with shared memory', ', 2 workers)', { settings, isIsolated: true });
