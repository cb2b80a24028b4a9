/** Constants and package variables: evaluated when they are first needed. */
import type { Expression } from './ast.ts';
import { convertTo } from './assignability.ts';
import type { Checker } from './checker.ts';
import type { Constant } from './constants.ts';
import { packageBody } from './function-bodies.ts';
import { Scope } from './entities.ts';
import type { ConstantEntity } from './entities.ts';
import { singleValue } from './expressions.ts';
import { describe } from './operand.ts';
import { resolveType } from './type-nodes.ts';
import type { TypeContext } from './type-nodes.ts';
import { invalidType } from './type-store.ts';
import { underlying } from './types.ts';
import { constantEntity, outsideIota } from './universe.ts';
import { untypedInt } from './type-store.ts';

/** The largest array, in elements. */
const maxArrayLength = 1 << 20;

/** Evaluates a constant; afterwards type and value are known (`invalid` after a complaint). */
export function resolveConstant(checker: Checker, entity: ConstantEntity): void {
  const { declaration, file, scope, node } = entity;
  if (entity.state === 'done' || !declaration || !file || !scope) return;
  if (entity.state === 'busy') {
    const message = `initialization cycle or invalid constant ${node?.name ?? ''}`;
    checker.report(file.source, declaration.span, 'initialization-cycle', message);
    entity.state = 'done';
    entity.type = invalidType;
    return;
  }
  checker.keep(entity);
  entity.state = 'busy';
  checker.aloud(() => {
    evaluate(checker, entity);
  });
  entity.state = 'done';
}

function evaluate(checker: Checker, entity: ConstantEntity): void {
  const { declaration, file, scope, index } = entity;
  if (!declaration || !file || !scope) return;
  const inner = new Scope(scope, declaration.span);
  // A program may declare a name iota of its own.
  if (scope.lookup('iota') === outsideIota) {
    inner.names.set('iota', constantEntity(untypedInt, BigInt(declaration.iota)));
  }
  const body = packageBody(checker, file, inner);
  const value = declaration.values[index];
  if (!value) {
    const message = 'missing init expr for const declaration';
    checker.report(file.source, declaration.names[index].span, 'missing-value', message);
    return;
  }
  const type = declaration.type ? resolveType(body, declaration.type) : null;
  if (type && type !== invalidType && underlying(type).kind !== 'basic') {
    const message = 'invalid constant type';
    checker.report(file.source, declaration.span, 'constant-type', message);
    return;
  }
  const operand = singleValue(body, value);
  if (operand.mode === 'invalid' || type === invalidType) return;
  if (operand.mode !== 'constant') {
    const message = `${describe(file.source, operand)} is not constant`;
    checker.report(file.source, value.span, 'not-constant', message);
    return;
  }
  if (type) {
    const converted = convertTo(body, operand, type, 'constant declaration');
    if (converted.kind !== 'constant') return;
  }
  entity.type = type ?? operand.type;
  entity.value = operand.value;
}

/** The value of a constant expression; null after a complaint. */
export function constantValue(context: TypeContext, node: Expression): Constant | null {
  const { checker, file, scope } = context;
  const operand = singleValue(packageBody(checker, file, scope), node);
  if (operand.mode === 'invalid') return null;
  if (operand.mode === 'constant') return operand.value;
  const message = `${describe(file.source, operand)} is not constant`;
  checker.report(file.source, node.span, 'not-constant', message);
  return null;
}

/** The length of an array type; null after a complaint. */
export function constantLength(context: TypeContext, node: Expression): number | null {
  const { checker, file } = context;
  const value = constantValue(context, node);
  if (value === null) return null;
  if (typeof value === 'bigint' && value >= 0n && value <= BigInt(maxArrayLength)) {
    return Number(value);
  }
  const negative = typeof value !== 'bigint' || value < 0n;
  const message = negative
    ? `invalid array length ${String(value)}`
    : `array length ${value} is beyond the limit of ${maxArrayLength} elements`;
  checker.report(file.source, node.span, 'array-length', message);
  return null;
}
