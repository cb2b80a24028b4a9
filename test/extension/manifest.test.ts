/** package.json says what the extension contributes; what it says must be there. */
import assert from 'node:assert';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

interface Manifest {
  readonly activationEvents: readonly string[];
  readonly contributes: {
    readonly commands: readonly { command: string; icon?: string; enablement?: string }[];
    readonly menus: Record<string, readonly { command: string; when?: string }[]>;
    readonly debuggers: readonly {
      readonly type: string;
      readonly configurationAttributes: {
        readonly launch: { readonly properties: Record<string, { markdownDescription: string }> };
      };
      readonly configurationSnippets: readonly { body: Record<string, unknown> }[];
    }[];
  };
}

const text = readFileSync('package.json', 'utf8');
const manifest = JSON.parse(text) as Manifest;
const [coroscope] = manifest.contributes.debuggers;
const extensionFolder = 'src/extension';
const source = readdirSync(extensionFolder)
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(`${extensionFolder}/${name}`, 'utf8'))
  .join('\n');

describe('manifest', () => {
  it('names only files that exist', () => {
    const files = [...text.matchAll(/"\.?\/?((?:media|syntaxes)\/[^"]+)"/g)].map(
      (match) => match[1],
    );
    assert.ok(files.length >= 5, `found ${files.length} files`);
    assert.deepEqual(
      files.filter((file) => !existsSync(file)),
      [],
    );
  });

  it('declares the commands that are registered, and no other', () => {
    const registered = [...source.matchAll(/registerCommand\(\s*'([^']+)'/g)].map(
      (match) => match[1],
    );
    const declared = manifest.contributes.commands.map(({ command }) => command);
    assert.deepEqual(registered.sort(), declared.sort());
  });

  it('gives every command of a menu a declaration, and enables time travel only where it can be', () => {
    const { commands, menus } = manifest.contributes;
    const declared = new Set(commands.map(({ command }) => command));
    const used = Object.values(menus).flat();
    assert.deepEqual(
      used.filter(({ command }) => !declared.has(command)),
      [],
    );
    const debugMenus = Object.entries(menus).filter(([name]) => name.startsWith('debug/'));
    assert.ok(debugMenus.length >= 3, 'toolbar, call stack and variables');
    for (const [name, items] of debugMenus) {
      for (const { command, when } of items) {
        assert.match(when ?? '', /debugType == coroscope/, `${command} in ${name}`);
        const { enablement, icon } = commands.find((one) => one.command === command) ?? {};
        assert.match(enablement ?? '', /debugType == coroscope && inDebugMode/, command);
        assert.match(icon ?? '', /^\$\([a-z-]+\)$/, command);
      }
    }
  });

  it('activates on its own debug type', () => {
    const events = manifest.activationEvents.filter((event) => /^onDebug.*:/.test(event));
    assert.ok(events.length > 0);
    assert.deepEqual(
      events.filter((event) => !event.endsWith(`:${coroscope.type}`)),
      [],
    );
  });

  it('describes every launch attribute, and snippets use no other', () => {
    const { properties } = coroscope.configurationAttributes.launch;
    for (const [name, schema] of Object.entries(properties)) {
      assert.match(schema.markdownDescription ?? '', /^[A-Z].*\.$/, name);
    }
    const known = ['type', 'request', 'name', ...Object.keys(properties)];
    for (const { body } of coroscope.configurationSnippets) {
      assert.deepEqual(
        Object.keys(body).filter((name) => !known.includes(name)),
        [],
      );
    }
  });
});
