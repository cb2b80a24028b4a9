/**
 * The runtime profiles: which model files make up each simulated runtime. A file that differs
 * between versions exists once a version; everything else is shared.
 */
import machineSource from './machine.coro';
import atomicSource from './go/atomic.coro';
import cgoSource from './go/cgo.coro';
import cgocallSource from './go/cgocall.coro';
import chanSource from './go/chan.coro';
import coroSource from './go/coro.coro';
import coro122Source from './go/coro-1.22.coro';
import errorsSource from './go/errors.coro';
import fmtSource from './go/fmt.coro';
import gdestroySource from './go/gdestroy.coro';
import gdestroy122Source from './go/gdestroy-1.22.coro';
import iterSource from './go/iter.coro';
import iter122Source from './go/iter-1.22.coro';
import lockosthreadSource from './go/lockosthread.coro';
import osSource from './go/os.coro';
import panicSource from './go/panic.coro';
import procSource from './go/proc.coro';
import queuesSource from './go/queues.coro';
import runtime2Source from './go/runtime2.coro';
import selectSource from './go/select.coro';
import semaSource from './go/sema.coro';
import serviceNoneSource from './go/service-none.coro';
import strconvSource from './go/strconv.coro';
import stringsSource from './go/strings.coro';
import syncSource from './go/sync.coro';
import timeSource from './go/time.coro';
import timersSource from './go/timers.coro';
import version123Source from './go/version-1.23.coro';

/** One source file of a model; `path` is below `coroscope-model:/`. */
export interface ModelFile {
  readonly path: string;
  readonly text: string;
}

export interface Profile {
  readonly name: string;
  /** What it is, in a line. */
  readonly description: string;
  /** The profile it is another name for, when nothing that is modelled changed; else null. */
  readonly aliasOf: string | null;
  readonly files: readonly ModelFile[];
  /** Options with their defaults: `gomaxprocs`, … */
  readonly options: Readonly<Record<string, number>>;
}

const machineFile: ModelFile = { path: 'machine.coro', text: machineSource };

function go(name: string, text: string): ModelFile {
  return { path: `go/${name}.coro`, text };
}

/** Files that all versions of Go share. */
const goShared: readonly ModelFile[] = [
  machineFile,
  go('runtime2', runtime2Source),
  go('proc', procSource),
  go('queues', queuesSource),
  go('lockosthread', lockosthreadSource),
  go('panic', panicSource),
  go('chan', chanSource),
  go('select', selectSource),
  go('sema', semaSource),
  go('timers', timersSource),
  go('cgocall', cgocallSource),
  go('sync', syncSource),
  go('atomic', atomicSource),
  go('fmt', fmtSource),
  go('errors', errorsSource),
  go('os', osSource),
  go('strconv', strconvSource),
  go('strings', stringsSource),
  go('time', timeSource),
  go('cgo', cgoSource),
];

const go122: readonly ModelFile[] = [
  ...goShared,
  go('coro-1.22', coro122Source),
  go('gdestroy-1.22', gdestroy122Source),
  go('iter-1.22', iter122Source),
  go('service-none', serviceNoneSource),
  go('version-1.23', version123Source),
];

const go123: readonly ModelFile[] = [
  ...goShared,
  go('coro', coroSource),
  go('gdestroy', gdestroySource),
  go('iter', iterSource),
  go('service-none', serviceNoneSource),
  go('version-1.23', version123Source),
];

const goOptions = { gomaxprocs: 2 };

function profile(
  name: string,
  description: string,
  files: readonly ModelFile[],
  options: Readonly<Record<string, number>>,
): [string, Profile] {
  return [name, { name, description, aliasOf: null, files, options }];
}

/** Every runtime profile by its name. */
export const profiles: ReadonlyMap<string, Profile> = new Map([
  profile('go1.22', 'Go 1.22: iter.Pull before the fix dfe781e1', go122, goOptions),
  profile('go1.23', 'Go 1.23: thread locks checked and donated at every switch', go123, goOptions),
]);

/** The profile of a scenario that names none. */
export const DEFAULT_PROFILE = 'go1.23';
