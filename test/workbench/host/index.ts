/**
 * The entry that VS Code calls inside the extension host, in a desktop VS Code as well as in the
 * stand-in: runs the suite beside it, and rejects when a test fails.
 */
import { format } from 'node:util';
import Mocha from 'mocha';

// A launcher tells the reporter's lines by this mark from what else a window logs.
Mocha.reporters.Base.consoleLog = (text?: unknown, ...more: unknown[]) =>
  console.log(`[mocha] ${format(text ?? '', ...more)}`);

export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', color: false, timeout: 30_000 });
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  await import('./suite.ts');
  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  if (failures > 0) throw new Error(`${failures} tests failed`);
}
