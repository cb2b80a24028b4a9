// The workbench as a person sees it: what is on the screen is read, buttons and keys are pressed.
import path from 'node:path';
import { loadPlaywright, places } from './setup.mjs';

const browserArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function launchBrowser() {
  const { chromium } = loadPlaywright();
  return chromium.launch({
    executablePath: places.chromium,
    headless: true,
    args: browserArguments,
  });
}

/** Text in which every character stands for itself in a pattern. */
const literally = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

export class Workbench {
  /** Opens a folder. `payload` are VS Code's own parameters; `expose`: functions for the page. */
  static async open(browser, url, { folder, payload, expose = {} } = {}) {
    const viewport = { width: 1440, height: 1080 };
    const permissions = ['clipboard-read', 'clipboard-write'];
    const context = await browser.newContext({ viewport, permissions });
    const { origin } = new URL(url);
    const isElsewhere = (to) => /^https?:$/.test(to.protocol) && to.origin !== origin;
    await context.route(isElsewhere, (route) => route.abort());
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    const workbench = new Workbench(page);
    for (const [name, call] of Object.entries(expose)) await page.exposeFunction(name, call);
    const query = new URLSearchParams();
    if (folder !== undefined) query.set('folder', folder);
    if (payload !== undefined) query.set('payload', JSON.stringify(payload));
    await page.goto(`${url}/?${query}`, { waitUntil: 'commit' });
    return workbench;
  }

  constructor(page) {
    this.page = page;
    /** What pages wrote to the browser's console; warnings and errors are of interest. */
    this.messages = [];
    page.on('console', (message) => this.messages.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => this.messages.push(`pageerror: ${error}`));
  }

  /** Waits until the window stands and the server answers. */
  async ready() {
    const timeout = 60_000;
    await this.page.locator('.monaco-workbench').waitFor({ timeout });
    await this.page.locator('.statusbar-item').first().waitFor({ timeout });
    await this.page.locator('.explorer-folders-view .monaco-list-row').first().waitFor({ timeout });
  }

  /** Keeps the screen as an artefact of the run. */
  async screenshot(name) {
    await this.page.screenshot({ path: path.join(places.screenshots, `${name}.png`) });
  }

  get #input() {
    return this.page.locator('.quick-input-widget:visible .quick-input-box input').first();
  }

  /** Runs a command of the palette by its exact label: the palette's first hit may be another. */
  async runCommand(label) {
    await this.page.keyboard.press('F1');
    await this.#input.waitFor();
    await this.#input.fill(`>${label}`);
    const exact = this.page.locator('.label-name', {
      hasText: new RegExp(`^${literally(label)}$`),
    });
    const rows = this.page.locator('.quick-input-list .monaco-list-row');
    await rows.filter({ has: exact }).first().click();
  }

  async openFile(name) {
    await this.page.keyboard.press('Control+P');
    await this.#input.waitFor();
    await this.#input.fill(name);
    const rows = this.page.locator('.quick-input-list .monaco-list-row');
    await rows.filter({ hasText: name }).first().waitFor();
    await this.page.keyboard.press('Enter');
    await this.page.locator(`.tab.active[data-resource-name="${name}"]`).waitFor();
    await this.editor(name).locator('.view-line').first().waitFor();
    // The links above scenarios shift the lines below them when they come: first of all.
    await this.editor(name).locator('.codelens-decoration a').first().waitFor();
  }

  editor(name) {
    return this.page.locator(`.editor-instance .monaco-editor[data-uri$="/${name}"]`).first();
  }

  /** Puts the cursor on a line, from 1. */
  async gotoLine(line) {
    await this.page.keyboard.press('Control+G');
    await this.#input.waitFor();
    await this.#input.fill(`:${line}`);
    await this.page.keyboard.press('Enter');
    await this.#input.waitFor({ state: 'hidden' });
  }

  /** Clicks into the margin beside a line, which sets a breakpoint. */
  async clickGutter(name, line) {
    await this.gotoLine(line);
    const editor = this.editor(name);
    const number = editor.locator('.line-numbers', { hasText: new RegExp(`^${line}$`) }).first();
    // The editor may still be scrolling.
    let box = await number.boundingBox();
    for (let before = null; before === null || before.y !== box.y; ) {
      before = box;
      await this.page.waitForTimeout(300);
      box = await number.boundingBox();
    }
    const frame = await editor.boundingBox();
    await this.page.mouse.click(frame.x + 10, box.y + box.height / 2);
    const dot = editor.locator('.codicon-debug-breakpoint, .codicon-debug-breakpoint-unverified');
    await dot.first().waitFor();
    const { y } = await dot.first().boundingBox();
    const { y: top } = await number.boundingBox();
    if (Math.abs(y - top) > 4) throw new Error(`the breakpoint is not on line ${line}`);
  }

  /** Adds a function breakpoint in the Breakpoints view. */
  async addFunctionBreakpoint(name) {
    const header = this.page.locator('.pane-header[aria-label^="Breakpoints"]');
    await header.hover();
    await header.locator('a.action-label[aria-label^="Add Function Breakpoint"]').click();
    // Its row stands below all that stops by default.
    const input = this.page.locator('.debug-breakpoints .inputBoxContainer input').first();
    await this.#scrollBreakpoints(input);
    await input.fill(name);
    await this.page.keyboard.press('Enter');
    const rows = this.page.locator('.debug-breakpoints .monaco-list-row');
    await this.#scrollBreakpoints(rows.filter({ hasText: name }).first());
  }

  /** Opens or closes a part of the side bar. */
  async setPane(name, isOpen) {
    const header = this.page.locator(`.pane-header[aria-label^="${name}"]`);
    await header.waitFor();
    for (let tries = 0; tries < 20; tries++) {
      if ((await header.getAttribute('aria-expanded')) === String(isOpen)) return;
      await header.locator('.title').click();
      await this.page.waitForTimeout(200);
    }
    throw new Error(`${name} does not ${isOpen ? 'open' : 'close'}`);
  }

  /** Scrolls Breakpoints down until it shows something. */
  async #scrollBreakpoints(wanted) {
    await this.page.locator('.debug-breakpoints .monaco-list').hover();
    for (let tries = 0; tries < 40 && !(await wanted.isVisible()); tries++) {
      await this.page.mouse.wheel(0, 400);
      await this.page.waitForTimeout(150);
    }
    await wanted.waitFor();
  }

  async removeAllBreakpoints() {
    const header = this.page.locator('.pane-header[aria-label^="Breakpoints"]');
    await header.hover();
    await header.locator('a.action-label[aria-label^="Remove All Breakpoints"]').click();
    const left = this.page.locator('.debug-breakpoints .monaco-list-row .codicon-debug-breakpoint');
    await left.first().waitFor({ state: 'hidden' });
  }

  async openDebugView() {
    await this.page.keyboard.press('Control+Shift+D');
    const shown = '.debug-viewlet, .pane-header[aria-label^="Variables"], .welcome-view-content';
    await this.page.locator(shown).first().waitFor();
  }

  async startDebugging() {
    await this.page.keyboard.press('F5');
  }

  /** Waits for the first stop of a session. */
  async waitForStop() {
    const timeout = 30_000;
    await this.page.locator('.debug-toolbar').waitFor({ timeout });
    await this.page.locator('.codicon-debug-stackframe').first().waitFor({ timeout });
  }

  /** Waits until Call Stack shows a frame. The first stop of a fresh profile leaves it closed. */
  async waitForFrame(text) {
    const rows = this.page.locator('.debug-call-stack .monaco-list-row');
    const frame = rows.filter({ hasText: text }).first();
    for (let tries = 0; tries < 40 && !(await frame.isVisible()); tries++) {
      const closed = this.page.locator('.debug-call-stack .monaco-list-row[aria-expanded="false"]');
      const twistie = closed.first().locator('.monaco-tl-twistie');
      if (await twistie.isVisible()) await twistie.click().catch(() => undefined);
      await this.page.waitForTimeout(200);
    }
    await frame.waitFor();
  }

  /** The line, from 1, that the current stack frame's arrow points to. */
  stoppedLine(name) {
    return this.editor(name).evaluate((editor) => {
      const arrow = editor.querySelector('.codicon-debug-stackframe');
      const top = arrow?.getBoundingClientRect().top ?? -1;
      const numbers = [...editor.querySelectorAll('.line-numbers')];
      const found = numbers.find((one) => Math.abs(one.getBoundingClientRect().top - top) < 3);
      return found === undefined ? null : Number(found.textContent);
    });
  }

  /** Waits until the current frame's arrow points to a line. */
  async waitForLine(name, line) {
    for (let tries = 0; tries < 80; tries++) {
      if ((await this.stoppedLine(name).catch(() => null)) === line) return;
      await this.page.waitForTimeout(100);
    }
    throw new Error(`${name} stops on line ${await this.stoppedLine(name)}, not on ${line}`);
  }

  /** Opens a scope or a value in Variables. */
  async expand(label) {
    const rows = this.page.locator('.debug-variables .monaco-list-row');
    const exact = new RegExp(`^${literally(label)}\\s*[:=]?\\s*$`);
    const named = this.page.locator('.scope, .expression .name', { hasText: exact });
    const row = rows.filter({ has: named }).first();
    await row.waitFor();
    for (let tries = 0; tries < 40; tries++) {
      if ((await row.getAttribute('aria-expanded')) === 'true') return;
      await row.locator('.monaco-tl-twistie').click();
      await this.page.waitForTimeout(150);
    }
    throw new Error(`${label} does not open`);
  }

  /** Looks through Variables, by scrolling, until a name stands there with a value. */
  async findVariable(name, value) {
    const list = this.page.locator('.debug-variables .monaco-list').first();
    const label = new RegExp(`^${literally(name)}\\s*[:=]?\\s*$`);
    const wanted = this.page
      .locator('.debug-variables .monaco-list-row .expression')
      .filter({ has: this.page.locator('.name', { hasText: label }) })
      .filter({ has: this.page.locator('.value', { hasText: value }) })
      .first();
    await list.hover();
    await this.page.mouse.wheel(0, -10_000);
    for (let tries = 0; tries < 60; tries++) {
      if (await wanted.isVisible()) return;
      await this.page.mouse.wheel(0, tries % 30 === 29 ? -10_000 : 66);
      await this.page.waitForTimeout(100);
    }
    throw new Error(`Variables does not show ${name} = ${value}`);
  }

  /** Presses a button of the debug toolbar. */
  async debugAction(label) {
    await this.page.locator(`.debug-toolbar a.action-label[aria-label^="${label}"]`).click();
  }

  /** Types into the Debug Console and waits for an answer that holds a text. */
  async evaluate(expression, expected) {
    await this.page.locator('.repl-input-wrapper .monaco-editor').click();
    await this.page.keyboard.type(expression);
    await this.page.keyboard.press('Escape');
    await this.page.keyboard.press('Enter');
    const rows = this.page.locator('.repl .monaco-list-row');
    await rows.filter({ hasText: expected }).first().waitFor({ timeout: 10_000 });
  }

  /** The document of a webview of ours: an iframe in an iframe. */
  webview() {
    const outer = this.page.frameLocator('iframe.webview.ready[src*="extensionId=coroscope"]');
    return outer.first().frameLocator('iframe#active-frame');
  }
}
