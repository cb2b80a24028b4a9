/** What is wrong in types that name things that are there. */
import type { FunctionTypeNode, StructTypeNode } from './ast.ts';
import type { Checker } from './checker.ts';
import type { SourceFile, Span } from './diagnostics.ts';
import type { TypeContext } from './type-nodes.ts';
import { invalidType } from './type-store.ts';
import { underlying, wordsOf } from './types.ts';
import type { Type } from './types.ts';

/** Parameters and results of a function type have names of their own. */
export function reportRepeated({ checker, file }: TypeContext, node: FunctionTypeNode): void {
  const seen = new Set<string>();
  for (const { name } of [...node.parameters, ...node.results]) {
    if (name === null || name.name === '_') continue;
    if (seen.has(name.name)) {
      checker.report(file.source, name.span, 'redeclared', `${name.name} redeclared`);
    }
    seen.add(name.name);
  }
}

/** An embedded field is no pointer to an interface. */
export function reportEmbedded(
  { checker, file }: TypeContext,
  field: StructTypeNode['fields'][number],
  type: Type,
): void {
  if (!field.embedded || type.kind !== 'pointer') return;
  if (underlying(type.element).kind !== 'interface') return;
  const message = 'embedded field type cannot be a pointer to an interface';
  checker.report(file.source, field.type.span, 'embedded', message);
}

/** Most words of a value: no memory holds more than a few of that size. */
const maxTypeWords = 1 << 22;
/** Most names in the spelling of a type. */
const maxTypeNames = 5000;

/** Types of values that no memory could hold, and those whose names have no end. */
export function reportSize(
  checker: Checker,
  { type, file, span }: { readonly type: Type; readonly file: SourceFile; readonly span: Span },
): void {
  if (type === invalidType) return;
  const words = wordsOf(type);
  const { names } = checker.store.extentOf(type);
  if (words <= maxTypeWords && names <= maxTypeNames) return;
  // What lies in it was complained about already.
  if (words > maxTypeWords && partsOf(type).some((part) => wordsOf(part) > maxTypeWords)) return;
  const message =
    words > maxTypeWords
      ? `a value of this type has ${words} words, which is beyond the limit of ${maxTypeWords}`
      : `this type names ${names} types, which is beyond the limit of ${maxTypeNames}`;
  checker.aloud(() => checker.report(file, span, 'type-size', message));
}

function partsOf(type: Type): readonly Type[] {
  const under = underlying(type);
  if (under.kind === 'array') return [under.element];
  return under.kind === 'struct' ? under.fields.map((field) => field.type) : [];
}
