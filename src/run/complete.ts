/** Names that may stand at the end of a text, for the console's completions. */
import { evaluate, type Place } from './evaluate.ts';
import type { Inspector } from './inspect.ts';

export interface Completion {
  readonly label: string;
  readonly kind: 'variable' | 'field' | 'module';
}

export function complete(inspector: Inspector, frame: Place | null, text: string): Completion[] {
  const match = /(?:^|[^\p{L}\p{N}_.\])])((?:[\p{L}\p{N}_.[\]()*]+\.)?)([\p{L}\p{N}_]*)$/u.exec(
    text,
  );
  const begun = match?.[2] ?? '';
  const object = match?.[1].slice(0, -1) ?? '';
  const found = object === '' ? names(inspector, frame) : members(inspector, frame, object);
  const seen = new Set<string>();
  return found.filter(({ label }) => {
    if (!label.startsWith(begun) || label.startsWith('(') || seen.has(label)) return false;
    seen.add(label);
    return true;
  });
}

function names(inspector: Inspector, frame: Place | null): Completion[] {
  const { image } = inspector;
  const locals = frame === null ? [] : inspector.variablesAt(frame.function, frame.pc);
  const globals = image.globals.filter((one) => one.packageName === 'main');
  const packages = new Set(image.globals.map((one) => one.packageName));
  packages.delete('main');
  return [
    ...locals.map(({ name }): Completion => ({ label: name, kind: 'variable' })),
    ...globals.map(({ name }): Completion => ({ label: name, kind: 'variable' })),
    ...inspector
      .goroutines(false)
      .map(({ shortName }): Completion => ({ label: shortName, kind: 'variable' })),
    ...[...packages].map((label): Completion => ({ label, kind: 'module' })),
  ];
}

function members(inspector: Inspector, frame: Place | null, object: string): Completion[] {
  const value = evaluate(inspector, frame, object);
  if (!('error' in value)) {
    if (value.indexed) return [];
    const children = inspector.childrenOf(value, 0, 200);
    return children.map(({ name }) => ({ label: name, kind: 'field' }));
  }
  return inspector.image.globals
    .filter((one) => one.packageName === object)
    .map(({ name }) => ({ label: name, kind: 'variable' }));
}
