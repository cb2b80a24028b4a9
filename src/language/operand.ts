/** What an expression turned out to be, before it is converted to the type its place asks for. */
import type { Expression } from './ast.ts';
import type { Constant } from './constants.ts';
import { spellConstant } from './constants.ts';
import type { FunctionEntity, Package } from './entities.ts';
import type { SourceFile, Span } from './diagnostics.ts';
import { anyType, invalidType, spell } from './type-store.ts';
import type { TypedExpression } from './typed.ts';
import type { Type } from './types.ts';

export type Operand = {
  readonly node: Expression;
  readonly type: Type;
} & (
  | { readonly mode: 'invalid' | 'no-value' | 'type' | 'nil' }
  | { readonly mode: 'constant'; readonly value: Constant }
  /** Addressable. */
  | { readonly mode: 'variable'; readonly expression: TypedExpression }
  | { readonly mode: 'value'; readonly expression: TypedExpression }
  | { readonly mode: 'builtin'; readonly builtin: string }
  | { readonly mode: 'package'; readonly package: Package }
  /** A generic function that still lacks type arguments. */
  | {
      readonly mode: 'generic';
      readonly entity: FunctionEntity;
      readonly typeArguments: readonly Type[];
    }
);

/** The operand of an expression that was complained about. */
export function invalidOperand(node: Expression): Operand {
  return { mode: 'invalid', node, type: invalidType };
}

/** Stands for the value of an expression that was complained about. */
export function invalidExpression(span: Span, type: Type = invalidType): TypedExpression {
  return { kind: 'zero', type, span };
}

/** The source text of a node, on one line and not too long. */
export function textOf(file: SourceFile, span: Span): string {
  const text = file.text.slice(span.start, span.end).replaceAll(/\s+/g, ' ');
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** `x (variable of type int)`, as Go's compiler describes operands. */
export function describe(file: SourceFile, operand: Operand): string {
  const text = textOf(file, operand.node.span);
  const { type } = operand;
  const untyped = type.kind === 'basic' && type.name.startsWith('untyped-');
  switch (operand.mode) {
    case 'nil':
      return 'nil';
    case 'no-value':
      return `${text} (no value)`;
    case 'builtin':
      return `${text} (built-in)`;
    case 'type':
      return `${text} (type)`;
    case 'generic':
      return `${text} (value of generic function type)`;
    case 'constant': {
      const shown = spellConstant(operand.value);
      const value = shown === text ? '' : ` ${shown}`;
      return untyped
        ? `${text} (${spell(type)} constant${value})`
        : `${text} (constant${value || ` ${shown}`} of type ${spell(type)})`;
    }
    case 'variable':
    case 'value': {
      const { expression } = operand;
      if (untyped) return `${text} (${spell(type)} value)`;
      const commaOk = expression.kind === 'assertion' || expression.kind === 'receive';
      const word = commaOk ? 'comma, ok expression' : operand.mode;
      const parameter = type.kind === 'type-parameter';
      const constraint = parameter && type.constraint !== anyType ? spell(type.constraint) : 'any';
      const tail = parameter ? ` constrained by ${constraint}` : '';
      return `${text} (${word} of type ${spell(type)}${tail})`;
    }
    default:
      return text;
  }
}

/** Whether the operand's type waits for its context. */
export function isUntyped(operand: Operand): boolean {
  const { type } = operand;
  return type.kind === 'basic' && (type.name.startsWith('untyped-') || type.name === 'nil');
}
