/** The adapter without Node: bundled as for a web worker host, and run where nothing of Node is. */
import assert from 'node:assert';
import path from 'node:path';
import vm from 'node:vm';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { build } from 'esbuild';
import type { CoroscopeSession, SessionHost } from '../../src/adapter/session.ts';

type Exports = { CoroscopeSession: new (host: SessionHost) => CoroscopeSession };

describe('the adapter in a web worker', () => {
  it('runs a scenario', async function () {
    this.timeout(60_000);
    const { CoroscopeSession: Session } = await loadForWeb();
    const text = 'scenario A {\n\tprintln("hi")\n}\n';
    const session = new Session({ readText: async () => text });
    const printed: string[] = [];
    const ended = new Promise<void>((resolve) => {
      session.onDidSendMessage((message) => {
        const { event, body } = message as DebugProtocol.Event;
        if (event === 'output') printed.push(body.output);
        if (event === 'terminated') resolve();
      });
    });
    for (const [seq, command] of ['initialize', 'launch', 'configurationDone'].entries()) {
      const request = { seq: seq + 1, type: 'request', command, arguments: { program: '/a.coro' } };
      session.handleMessage(request as DebugProtocol.Request);
    }
    await ended;
    assert.deepEqual(printed, ['hi\n', 'A on go1.23: ok; as expected\n']);
  });
});

async function loadForWeb(): Promise<Exports> {
  const stub = (name: string) => path.resolve('src/extension/web-stubs', `${name}.ts`);
  const { outputFiles } = await build({
    entryPoints: ['src/adapter/session.ts'],
    bundle: true,
    write: false,
    platform: 'browser',
    format: 'cjs',
    loader: { '.coro': 'text' },
    define: { 'process.platform': '"browser"' },
    alias: {
      events: stub('events'),
      url: stub('url'),
      net: stub('nothing'),
      fs: stub('nothing'),
      path: stub('nothing'),
    },
  });
  const module: { exports: Partial<Exports> } = { exports: {} };
  const workerGlobals = { setTimeout, clearTimeout, performance, TextEncoder, TextDecoder, btoa };
  vm.runInNewContext(outputFiles[0].text, { module, exports: module.exports, ...workerGlobals });
  return module.exports as Exports;
}
