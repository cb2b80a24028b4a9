/**
 * Where the output goes: a full disk, a reader that has seen enough, and characters that would
 * drive a terminal.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import { Workspace } from './support.ts';

const good = 'scenario Good expect ok {\n\tprintln("hello")\n}\n';
const bad = 'scenario Bad expect panic "no" {\n\tprintln("hello")\n}\n';
const loud =
  'scenario Loud expect ok {\n\tfor i := 0; i < 20000; i++ {\n\t\tfmt.Println("hello", i)\n\t}\n}\n';

/** Characters that a terminal obeys, or that turn the text around, and how they are shown. */
const evil: Readonly<Record<string, string>> = {
  '\u001b[2J': '\\u001b[2J',
  '\u001b]52;c;aGVsbG8=\u0007': '\\u001b]52;c;aGVsbG8=\\u0007',
  '\u202e': '\\u202e',
  '\u2066': '\\u2066',
  '\u009b31m': '\\u009b31m',
  '\u007f': '\\u007f',
  '\r': '\\u000d',
  '\b': '\\u0008',
  '\u200f': '\\u200f',
  '\ufeff': '\\ufeff',
};

describe('output that cannot be written', () => {
  let workspace: Workspace;
  before(() => {
    workspace = new Workspace({ 'good.coro': good, 'bad.coro': bad, 'loud.coro': loud });
  });
  after(() => workspace.remove());

  /** Runs a line of shell in which `$C` is the command line. */
  function shell(line: string) {
    const { status, stdout, stderr } = spawnSync('bash', ['-c', line], {
      cwd: workspace.folder,
      encoding: 'utf8',
      env: { ...process.env, C: `${process.execPath} ${path.resolve('dist/cli.js')}` },
    });
    return { status, stdout, stderr };
  }

  const commands = [
    'run good.coro',
    'run good.coro --json',
    'run bad.coro',
    'run loud.coro',
    'check .',
    'check . --json',
    'explore good.coro',
    'explore bad.coro --json',
    'export good.coro --to go',
    'models',
    '--help',
    '--version',
  ];
  for (const command of commands) {
    it(`${command} > /dev/full says so, with a status of its own`, () => {
      const { status, stderr } = shell(`$C ${command} > /dev/full`);
      assert.match(stderr, /^coroscope: cannot write to standard output: ENOSPC.*\n$/m);
      assert.equal(status, 74);
    });
    if (!command.includes('good')) continue;
    it(`${command} with both on a full disk ends quietly`, () => {
      const { status } = shell(`$C ${command} > /dev/full 2>&1`);
      assert.equal(status, 74);
    });
  }

  it('a reader that has seen enough is told from a verdict', () => {
    const { stdout, stderr } = shell('$C run loud.coro | head -1; echo ${PIPESTATUS[0]}');
    assert.equal(stdout, 'hello 0\n141\n');
    assert.equal(stderr, '');
  });
  it('a reader that takes everything is not', () => {
    assert.match(shell('$C run bad.coro | cat; echo ${PIPESTATUS[0]}').stdout, /\n1\n$/);
    assert.match(shell('$C run good.coro | cat; echo ${PIPESTATUS[0]}').stdout, /\n0\n$/);
  });
});

describe('characters that drive a terminal', () => {
  let workspace: Workspace;
  before(() => {
    workspace = new Workspace();
  });
  after(() => workspace.remove());

  for (const [text, shownAs] of Object.entries(evil)) {
    const title = JSON.stringify(shownAs);
    it(`in names of files are shown as ${title}`, () => {
      const name = `a${text}b.coro`;
      workspace.write(name, 'scenario A {\n\tx := y\n}\n');
      for (const args of [
        ['run', name],
        ['check', name],
        ['run', `missing${text}`],
        ['run', name, `--runtime=${text}`],
      ]) {
        const { stdout, stderr } = workspace.run(...args);
        assert.ok(!(stdout + stderr).includes(text), JSON.stringify(stdout + stderr));
        assert.ok((stdout + stderr).includes(shownAs), JSON.stringify(stdout + stderr));
      }
    });
    it(`in what a program says are shown as ${title}`, () => {
      const escaped = Array.from(text, (one) => {
        return `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`;
      }).join('');
      workspace.write(
        'says.coro',
        `scenario A {\n\tfmt.Println("<${escaped}>")\n\tpanic("(${escaped})")\n}\n`,
      );
      for (const args of [
        ['check', 'says.coro'],
        ['explore', 'says.coro', '--json'],
      ]) {
        const { stdout, stderr } = workspace.run(...args);
        assert.ok(!(stdout + stderr).includes(text), JSON.stringify(stdout + stderr));
      }
      // What a program prints goes to a file as it is.
      assert.ok(workspace.run('run', 'says.coro').stdout.startsWith(`<${text}>\n`));
    });
  }

  it('letters of all languages and emoji stay as they are', () => {
    const name = 'größe-世界-👩‍💻.coro';
    workspace.write(name, good);
    assert.match(workspace.run('check', name).stdout, /größe-世界-👩‍💻\.coro/);
  });
});
