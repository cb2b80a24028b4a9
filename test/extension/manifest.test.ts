/** package.json says what the extension contributes; what it says must be there. */
import assert from 'node:assert';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

interface Manifest {
  readonly activationEvents: readonly string[];
  readonly contributes: {
    readonly commands: readonly { command: string }[];
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

  it('activates on its own debug type', () => {
    const events = manifest.activationEvents.filter((event) => event.includes(':'));
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
