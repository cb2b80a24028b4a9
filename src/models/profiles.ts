/**
 * The runtime profiles: which model files make up each simulated runtime. A file that differs
 * between versions exists once a version; everything else is shared.
 */
import machineSource from './machine.coro';
import atomicSource from './go/atomic.coro';
import cgoSource from './go/cgo.coro';
import cgocallSource from './go/cgocall.coro';
import chanSource from './go/chan.coro';
import cleanupSource from './go/cleanup.coro';
import cleanup124Source from './go/cleanup-1.24.coro';
import cleanupqueueSource from './go/cleanupqueue.coro';
import cleanupqueue125PreSource from './go/cleanupqueue-1.25-pre.coro';
import coroSource from './go/coro.coro';
import coro122Source from './go/coro-1.22.coro';
import errorsSource from './go/errors.coro';
import fmtSource from './go/fmt.coro';
import gdestroySource from './go/gdestroy.coro';
import gdestroy122Source from './go/gdestroy-1.22.coro';
import invariantsSource from './go/invariants.coro';
import iterSource from './go/iter.coro';
import iter122Source from './go/iter-1.22.coro';
import leaksSource from './go/leaks.coro';
import lockosthreadSource from './go/lockosthread.coro';
import osSource from './go/os.coro';
import panicSource from './go/panic.coro';
import procSource from './go/proc.coro';
import queuesSource from './go/queues.coro';
import rangefuncSource from './go/rangefunc.coro';
import rangefunc122Source from './go/rangefunc-1.22.coro';
import runtime2Source from './go/runtime2.coro';
import selectSource from './go/select.coro';
import semaSource from './go/sema.coro';
import serviceNoneSource from './go/service-none.coro';
import specialsSource from './go/specials.coro';
import strconvSource from './go/strconv.coro';
import contextSource from './go/context.coro';
import ioSource from './go/io.coro';
import mathSource from './go/math.coro';
import sortSource from './go/sort.coro';
import utf8Source from './go/utf8.coro';
import cmpSource from './go/cmp.coro';
import slicesSource from './go/slices.coro';
import slicesIterSource from './go/slicesiter.coro';
import unicodeSource from './go/unicode.coro';
import stringsSource from './go/strings.coro';
import syncSource from './go/sync.coro';
import mutexSource from './go/mutex.coro';
import rwmutexSource from './go/rwmutex.coro';
import waitgroupSource from './go/waitgroup.coro';
import waitgroupgoSource from './go/waitgroupgo.coro';
import waitgroupgo125Source from './go/waitgroupgo-1.25.coro';
import condSource from './go/cond.coro';
import notifylistSource from './go/notifylist.coro';
import syscallSource from './go/syscall.coro';
import timeSource from './go/time.coro';
import timersSource from './go/timers.coro';
import version122Source from './go/version-1.22.coro';
import version123Source from './go/version-1.23.coro';
import version124Source from './go/version-1.24.coro';
import version126Source from './go/version-1.26.coro';
import version127Source from './go/version-1.27.coro';
import threadsSource from './threads/threads.coro';
import threadsExitSource from './threads/exit.coro';
import threadsLeaksSource from './threads/leaks.coro';
import threadsSyncSource from './threads/sync.coro';
import zigExitSource from './zig/exit.coro';
import framesSource from './zig/frames.coro';
import cancel02Source from './zig/cancel-0.2.coro';
import cancel1363Source from './zig/cancel-1363.coro';

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
  go('invariants', invariantsSource),
  go('leaks', leaksSource),
  go('panic', panicSource),
  go('chan', chanSource),
  go('select', selectSource),
  go('sema', semaSource),
  go('timers', timersSource),
  go('syscall', syscallSource),
  go('cgocall', cgocallSource),
  go('notifylist', notifylistSource),
  go('sync', syncSource),
  go('mutex', mutexSource),
  go('rwmutex', rwmutexSource),
  go('waitgroup', waitgroupSource),
  go('cond', condSource),
  go('atomic', atomicSource),
  go('fmt', fmtSource),
  go('errors', errorsSource),
  go('os', osSource),
  go('strconv', strconvSource),
  go('strings', stringsSource),
  go('unicode', unicodeSource),
  go('cmp', cmpSource),
  go('slices', slicesSource),
  go('sort', sortSource),
  go('utf8', utf8Source),
  go('io', ioSource),
  go('math', mathSource),
  go('context', contextSource),
  go('time', timeSource),
  go('cgo', cgoSource),
];

/** Coros and thread locks before the fix dfe781e1, and after it. */
const beforeFix: readonly ModelFile[] = [
  go('coro-1.22', coro122Source),
  go('gdestroy-1.22', gdestroy122Source),
  go('iter-1.22', iter122Source),
  go('rangefunc-1.22', rangefunc122Source),
];
const afterFix: readonly ModelFile[] = [
  go('coro', coroSource),
  go('gdestroy', gdestroySource),
  go('iter', iterSource),
  go('rangefunc', rangefuncSource),
  go('slicesiter', slicesIterSource),
];

const noService = go('service-none', serviceNoneSource);
const specials = go('specials', specialsSource);
const cleanup = go('cleanup', cleanupSource);
const cleanupqueue = go('cleanupqueue', cleanupqueueSource);
const waitgroupgo = go('waitgroupgo', waitgroupgoSource);
const waitgroupgo125 = go('waitgroupgo-1.25', waitgroupgo125Source);
const version122 = go('version-1.22', version122Source);
const version123 = go('version-1.23', version123Source);
const version124 = go('version-1.24', version124Source);
const version126 = go('version-1.26', version126Source);
const version127 = go('version-1.27', version127Source);

/** Files that the profiles without Go's scheduler share. */
const bareShared: readonly ModelFile[] = [
  machineFile,
  { path: 'threads/threads.coro', text: threadsSource },
  { path: 'threads/sync.coro', text: threadsSyncSource },
  { path: 'threads/leaks.coro', text: threadsLeaksSource },
  go('panic', panicSource),
  go('rangefunc', rangefuncSource),
  go('atomic', atomicSource),
  go('fmt', fmtSource),
  go('errors', errorsSource),
  go('os', osSource),
  go('strconv', strconvSource),
  go('strings', stringsSource),
  go('unicode', unicodeSource),
  go('cmp', cmpSource),
  go('slices', slicesSource),
  go('io', ioSource),
  go('math', mathSource),
];

const all: Profile[] = [];

function add(
  name: string,
  description: string,
  files: readonly ModelFile[],
  options: Readonly<Record<string, number>>,
  aliasOf: string | null = null,
): void {
  all.push({ name, description, aliasOf, files, options });
}

/** `leaks`: whether what is left when main has returned is an outcome. */
const bareOptions = { leaks: 0 };
/** `grace`: the milliseconds that goroutines have to end after main has returned. */
const goOptions = { gomaxprocs: 2, maxms: 0, ...bareOptions, grace: 1000 };
const withCleanups = { ...goOptions, blocksize: 20 };

add(
  'go1.22',
  'Go 1.22: iter.Pull before the fix dfe781e1',
  [...goShared, ...beforeFix, noService, version122],
  goOptions,
);
add(
  'go1.23',
  'Go 1.23: thread locks checked and donated at every switch',
  [...goShared, ...afterFix, noService, version123],
  goOptions,
);
add(
  'go1.24',
  'Go 1.24: AddCleanup, run by the one finalizer goroutine',
  [...goShared, ...afterFix, specials, go('cleanup-1.24', cleanup124Source), version124],
  goOptions,
);
add(
  'go1.25-pre',
  'the tip before b450b540: a cleanup queue that loses wake-ups',
  [
    ...goShared,
    ...afterFix,
    specials,
    cleanup,
    go('cleanupqueue-1.25-pre', cleanupqueue125PreSource),
    waitgroupgo125,
    version124,
  ],
  { ...goOptions, blocksize: 60 },
);
const go125 = [
  ...goShared,
  ...afterFix,
  specials,
  cleanup,
  cleanupqueue,
  waitgroupgo125,
  version124,
];
add('go1.25', 'Go 1.25: the cleanup queue after b450b540', go125, withCleanups);
add(
  'go1.26',
  'Go 1.26: a panic in WaitGroup.Go keeps Wait waiting; one that begins anew with its value is told once',
  [...goShared, ...afterFix, specials, cleanup, cleanupqueue, waitgroupgo, version126],
  withCleanups,
);
add(
  'go1.27',
  'Go 1.27: as 1.26, but for the text of panic(nil)',
  [...goShared, ...afterFix, specials, cleanup, cleanupqueue, waitgroupgo, version127],
  withCleanups,
);
add(
  'zig0.2',
  'Zig 0.2: a cancel frees what another thread may still resume',
  [
    ...bareShared,
    { path: 'zig/exit.coro', text: zigExitSource },
    { path: 'zig/frames.coro', text: framesSource },
    { path: 'zig/cancel-0.2.coro', text: cancel02Source },
  ],
  bareOptions,
);
add(
  'zig-1363',
  'Zig with proposal #1363: a frame is freed with the last of its references',
  [
    ...bareShared,
    { path: 'zig/exit.coro', text: zigExitSource },
    { path: 'zig/frames.coro', text: framesSource },
    { path: 'zig/cancel-1363.coro', text: cancel1363Source },
  ],
  bareOptions,
);
add(
  'threads',
  'bare OS threads, locks and atomics, without a scheduler',
  [...bareShared, { path: 'threads/exit.coro', text: threadsExitSource }],
  bareOptions,
);

/** Every runtime profile by its name. */
export const profiles: ReadonlyMap<string, Profile> = new Map(all.map((each) => [each.name, each]));

/** The profile of a scenario that names none. */
export const DEFAULT_PROFILE = 'go1.23';
