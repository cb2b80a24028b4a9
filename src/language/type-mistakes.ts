/** What is wrong in types that name things that are there. */
import type { FunctionTypeNode, StructTypeNode } from './ast.ts';
import type { TypeContext } from './type-nodes.ts';
import { underlying } from './types.ts';
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
