/**
 * What the debugger knows of a Go model by name: where its goroutines, Ms and Ps are, and the
 * offsets of the fields that it reads. A profile without them has none of it.
 */
import type { Image, RuntimeType } from '../language/image.ts';

/** Offsets in words of the fields of a struct; -1 for those that the model does not have. */
export type FieldOffsets<Name extends string> = Readonly<Record<Name, number>>;

export interface GoModel {
  readonly g: FieldOffsets<
    | 'goid'
    | 'atomicstatus'
    | 'waitreason'
    | 'm'
    | 'lockedm'
    | 'context'
    | 'alllink'
    | 'isSystem'
    | 'parentGoid'
  >;
  readonly m: FieldOffsets<
    'id' | 'g0' | 'curg' | 'p' | 'lockedg' | 'lockedExt' | 'lockedInt' | 'alllink'
  >;
  readonly p: FieldOffsets<'id'>;
  /** Type ids of g, m, p, coro and sched's struct; 0 when the program does not have it. */
  readonly gType: number;
  readonly mType: number;
  readonly pType: number;
  readonly coroType: number;
  readonly hchanType: number;
  /** Addresses of globals; 0 when there is none. */
  readonly allgs: number;
  readonly allm: number;
}

/** Words for `g.atomicstatus`, in the order of the model's constants. */
export const STATUS_WORDS = ['idle', 'runnable', 'running', 'syscall', 'waiting', 'dead'] as const;

/** The image's Go model; null when it has no goroutines. */
export function goModelOf(image: Image): GoModel | null {
  const g = structNamed(image, 'runtime.g');
  const m = structNamed(image, 'runtime.m');
  const p = structNamed(image, 'runtime.p');
  const allgs = globalNamed(image, 'runtime', 'allgs');
  if (g === null || m === null || p === null || allgs === 0) return null;
  return {
    g: offsets(g, [
      'goid',
      'atomicstatus',
      'waitreason',
      'm',
      'lockedm',
      'context',
      'alllink',
      'isSystem',
      'parentGoid',
    ]),
    m: offsets(m, ['id', 'g0', 'curg', 'p', 'lockedg', 'lockedExt', 'lockedInt', 'alllink']),
    p: offsets(p, ['id']),
    gType: g.id,
    mType: m.id,
    pType: p.id,
    coroType: structNamed(image, 'runtime.coro')?.id ?? 0,
    hchanType: structNamed(image, 'runtime.hchan')?.id ?? 0,
    allgs,
    allm: globalNamed(image, 'runtime', 'allm'),
  };
}

/** Address of a package variable; 0 when there is none. */
export function globalNamed(image: Image, packageName: string, name: string): number {
  const found = image.globals.find((one) => one.packageName === packageName && one.name === name);
  return found?.address ?? 0;
}

function structNamed(image: Image, name: string): RuntimeType | null {
  return image.types.find((type) => type?.kind === 'struct' && type.name === name) ?? null;
}

function offsets<Name extends string>(
  type: RuntimeType,
  names: readonly Name[],
): FieldOffsets<Name> {
  const entries = names.map((name): [Name, number] => [
    name,
    type.fields.find((field) => field.name === name)?.offset ?? -1,
  ]);
  return Object.fromEntries(entries) as FieldOffsets<Name>;
}
