/**
 * Document symbols: the outline of a file, as plain data.
 *
 * Scenarios, functions, methods, types with their fields, constants, variables, the conditions of
 * models. What has no name yet (it is being typed) is left out.
 */
import type { Declaration, FileNode, Identifier, TypeNode } from '../language/ast.ts';
import type { Span } from '../language/diagnostics.ts';

export type SymbolKind =
  | 'scenario'
  | 'function'
  | 'method'
  | 'struct'
  | 'interface'
  | 'type'
  | 'field'
  | 'constant'
  | 'variable'
  | 'condition';

export interface DocumentSymbol {
  readonly name: string;
  /** What stands beside the name: a type, the expectations of a scenario. */
  readonly detail: string;
  readonly kind: SymbolKind;
  readonly span: Span;
  /** The name itself. */
  readonly nameSpan: Span;
  readonly children: readonly DocumentSymbol[];
}

/** The outline of a file, in the order of the text. */
export function documentSymbols(file: FileNode): DocumentSymbol[] {
  return file.declarations.flatMap((declaration) => symbolsOf(file, declaration));
}

function symbolsOf(file: FileNode, declaration: Declaration): DocumentSymbol[] {
  const { span } = declaration;
  switch (declaration.kind) {
    case 'scenario': {
      const detail = declaration.expectations.map((node) => textOf(file, node.span)).join(', ');
      return symbol('scenario', declaration.name, span, detail);
    }
    case 'function': {
      const { receiver, name, signature } = declaration;
      const detail = textOf(file, signature.span);
      if (receiver === null) return symbol('function', name, span, detail);
      return symbol('method', name, span, `(${textOf(file, receiver.type.span)}) ${detail}`);
    }
    case 'type': {
      const { type, name } = declaration;
      const children = membersOf(file, type);
      if (type.kind === 'struct-type') return symbol('struct', name, span, 'struct', children);
      if (type.kind === 'interface-type') {
        return symbol('interface', name, span, 'interface', children);
      }
      return symbol('type', name, span, textOf(file, type.span));
    }
    case 'variable':
    case 'constant': {
      const { type, names, kind } = declaration;
      const detail = type === null ? '' : textOf(file, type.span);
      return names.flatMap((name) => symbol(kind, name, span, detail));
    }
    case 'condition': {
      const { name, condition, body } = declaration;
      const nameSpan = { start: span.start, end: Math.max(span.start, body.span.start) };
      return [{ name, detail: condition, kind: 'condition', span, nameSpan, children: [] }];
    }
    default:
      return declaration satisfies never;
  }
}

function membersOf(file: FileNode, type: TypeNode): DocumentSymbol[] {
  if (type.kind === 'struct-type') {
    return type.fields.flatMap(({ name, span, type: fieldType }) =>
      symbol('field', name, span, textOf(file, fieldType.span)),
    );
  }
  if (type.kind !== 'interface-type') return [];
  return type.methods.flatMap(({ name, signature }) => {
    const span = { start: name.span.start, end: signature.span.end };
    return symbol('method', name, span, textOf(file, signature.span));
  });
}

function symbol(
  kind: SymbolKind,
  { name, span: nameSpan }: Identifier,
  span: Span,
  detail: string,
  children: readonly DocumentSymbol[] = [],
): DocumentSymbol[] {
  if (name === '_') return [];
  return [{ name, detail, kind, span, nameSpan, children }];
}

const MAX_DETAIL_LENGTH = 60;

/** The source text on one line, shortened. */
function textOf(file: FileNode, { start, end }: Span): string {
  const text = file.source.text.slice(start, Math.min(end, start + 4 * MAX_DETAIL_LENGTH));
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length <= MAX_DETAIL_LENGTH ? line : `${line.slice(0, MAX_DETAIL_LENGTH - 1)}…`;
}
