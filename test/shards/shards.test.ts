/**
 * The ready files do what they say: the very command lines that they hold are run, a part after the
 * other, and what they give, merged, is compared with the whole search.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { Workspace } from '../cli/support.ts';

/** Both may come first, and one of them is not expected: a part's exit status is 1. */
const race = `runtime threads
scenario Race expect ok {
	x := uint32(0)
	for i := range 3 {
		go func() {
			atomic.StoreUint32(&x, uint32(i))
		}()
	}
	switch atomic.LoadUint32(&x) {
	case 1:
		fail("one")
	case 2:
		fail("two")
	}
}
`;

/** What the files search with, and what is enough here. */
const many = '--random 10000000';
const few = '--random 240';

interface Yaml {
  load(text: string): unknown;
}

interface Job {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly completions: number;
    readonly parallelism: number;
    readonly completionMode: string;
    readonly template: {
      readonly spec: {
        readonly restartPolicy: string;
        readonly containers: readonly {
          readonly command: readonly string[];
          readonly args: readonly string[];
          readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
        }[];
        readonly volumes: readonly {
          readonly name: string;
          readonly configMap: { readonly name: string };
        }[];
      };
    };
  };
}

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Workflow {
  readonly jobs: {
    readonly part: {
      readonly strategy: { readonly matrix: { readonly shard: readonly number[] } };
      readonly steps: readonly Step[];
    };
    readonly merge: { readonly needs: string; readonly steps: readonly Step[] };
  };
}

/** Parses a file beside this one, with what mocha reads its own settings with. */
async function yaml(name: string): Promise<unknown> {
  const parser: string = 'js-yaml';
  const { default: reader } = (await import(parser)) as { default: Yaml };
  return reader.load(readFileSync(`test/shards/${name}`, 'utf8'));
}

/** The text with one thing put in the place of another, which must be there. */
function replaced(text: string, was: string, now: string): string {
  assert.ok(text.includes(was), `'${was}' is not in '${text}'`);
  return text.replaceAll(was, now);
}

/** What does not depend on how the search was split. */
function essence(json: string): unknown {
  const { scenario, runtime, image, strategy, executions, complete, outcomes } = JSON.parse(json);
  const found = (outcomes as { kind: string; message: string; count: number }[]).map(
    ({ kind, message, count }) => `${kind} ${message}: ${count}`,
  );
  return { scenario, runtime, image, strategy, executions, complete, outcomes: found.sort() };
}

describe('ready files for searches in parts', () => {
  let workspace: Workspace;
  let whole: unknown;
  before(() => {
    workspace = new Workspace({ 'race.coro': race });
    symlinkSync(path.resolve('dist'), path.join(workspace.folder, 'dist'));
    const { stdout, status } = workspace.run('explore', 'race.coro', ...few.split(' '), '--json');
    assert.equal(status, 1, stdout);
    whole = essence(stdout);
    assert.equal(JSON.parse(stdout).outcomes.length, 3, stdout);
  });
  after(() => workspace.remove());

  /** Runs a command line in the workspace. */
  function sh(command: string, environment: Readonly<Record<string, string>> = {}): string {
    const { status, stdout, stderr } = spawnSync('sh', ['-c', command], {
      cwd: workspace.folder,
      encoding: 'utf8',
      env: { ...process.env, ...environment },
    });
    assert.equal(status, 0, `${command}\n${stdout}\n${stderr}`);
    return stdout;
  }

  it('Kubernetes: an Indexed Job', async () => {
    const { metadata, spec } = (await yaml('indexed-job.yaml')) as Job;
    const pod = spec.template.spec;
    const [container] = pod.containers;
    assert.equal(spec.completionMode, 'Indexed');
    assert.ok(spec.parallelism <= spec.completions);
    assert.equal(pod.restartPolicy, 'Never');
    const [mount] = container.volumeMounts;
    assert.equal(pod.volumes[0].name, mount.name);
    const text = readFileSync('test/shards/indexed-job.yaml', 'utf8');
    for (const said of [
      `create configmap ${pod.volumes[0].configMap.name} --from-file=race.coro`,
      `job/${metadata.name}`,
      `job-name=${metadata.name} `,
      `--max-log-requests=${spec.parallelism} `,
    ]) {
      assert.ok(text.includes(said), said);
    }
    assert.deepEqual(container.command, ['sh', '-c']);
    let command = replaced(container.args[0], '/coroscope/cli.js', 'dist/cli.js');
    command = replaced(command, `${mount.mountPath}/race.coro`, 'race.coro');
    command = replaced(command, many, few);
    const parts = Array.from({ length: spec.completions }, (_, index) =>
      sh(command, { JOB_COMPLETION_INDEX: `${index}` }),
    );
    workspace.write('parts.jsonl', parts.join(''));
    assert.deepEqual(essence(sh('node dist/cli.js merge parts.jsonl')), whole);
  });

  it('a CI matrix', async () => {
    const { part, merge } = ((await yaml('matrix.yml')) as Workflow).jobs;
    assert.equal(merge.needs, 'part');
    const explore = part.steps.find(({ run }) => run?.includes(' explore '))?.run ?? '';
    const command = replaced(explore, many, few);
    for (const shard of part.strategy.matrix.shard) {
      sh(replaced(command, '${{ matrix.shard }}', `${shard}`));
    }
    const [upload] = part.steps.filter(({ uses }) => uses?.startsWith('actions/upload-artifact@'));
    const [download] = merge.steps.filter(({ uses }) =>
      uses?.startsWith('actions/download-artifact@'),
    );
    assert.equal(upload.with?.path, 'part-*.json');
    assert.equal(upload.with?.name, 'part-${{ matrix.shard }}');
    assert.deepEqual(download.with, { pattern: 'part-*', 'merge-multiple': true });
    const mergeStep = merge.steps.find(({ run }) => run?.includes(' merge '))?.run ?? '';
    assert.deepEqual(essence(sh(mergeStep)), whole);
    // Both jobs build what they run.
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
    assert.ok(scripts.build);
    for (const job of [part, merge]) {
      assert.ok(job.steps.some(({ run }) => run === 'npm ci && npm run build'));
    }
  });

  it('GNU parallel', () => {
    const script = path.resolve('test/shards/parallel.sh');
    const environment = { COROSCOPE: 'node dist/cli.js', PATH: `${parallelFolder()}` };
    const merged = sh(`sh ${script} 3 race.coro ${few}`, environment);
    assert.deepEqual(essence(merged), whole);
    // A part that fails is not taken for one that has found something.
    assert.throws(() => sh(`sh ${script} 3 nothing.coro ${few}`, environment), /no such file/);
  });

  /** Where programs are looked for. Says it loudly where GNU parallel is not among them, and puts
   *  something in its place that takes one line after the other. */
  function parallelFolder(): string {
    const known = process.env.PATH ?? '';
    if (spawnSync('parallel', ['--version']).error === undefined) return known;
    console.error('GNU parallel is not installed: parallel.sh is tried without it');
    workspace.write(
      'bin/parallel',
      '#!/bin/sh\nfor c; do :; done\nwhile read -r n; do\n' +
        '  sh -c "$(printf %s "$c" | sed "s/{}/$n/g")" || exit 1\ndone\n',
    );
    const folder = path.join(workspace.folder, 'bin');
    chmodSync(path.join(folder, 'parallel'), 0o755);
    return `${folder}:${known}`;
  }
});
