/** Expressions: what each turns out to be. The larger families stand in files of their own. */
import type { Expression, Identifier, LiteralExpression } from './ast.ts';
import { checkBinary } from './operators.ts';
import { checkUnary } from './unary-operators.ts';
import { checkCall } from './calls.ts';
import { complain, maxNesting } from './checker.ts';
import type { Body, NameInfo } from './checker.ts';
import { checkComposite } from './composite-literals.ts';
import { resolveConstant } from './constant-declarations.ts';
import { convertTo } from './assignability.ts';
import type { Entity, FunctionEntity } from './entities.ts';
import { checkFunctionLiteral, reference } from './function-bodies.ts';
import { resolveGlobal } from './globals.ts';
import { checkAssertion, checkIndex, checkSlice, checkStar } from './indexing.ts';
import { functionInstance, requestFunction, typeParameterNames } from './instances.ts';
import { undefinedName } from './names.ts';
import { describe, invalidExpression, invalidOperand, textOf } from './operand.ts';
import type { Operand } from './operand.ts';
import { checkSelector } from './selectors.ts';
import { namedInstance, resolveType } from './type-nodes.ts';
import {
  intType,
  invalidType,
  nilType,
  spell,
  untypedInt,
  untypedRune,
  untypedString,
} from './type-store.ts';
import type { TypedExpression, TypedFunction } from './typed.ts';
import { outsideIota } from './universe.ts';
import type { Type } from './types.ts';

/** What the expression is: a value, a type, a package, a built-in function … */
export function checkExpression(body: Body, node: Expression): Operand {
  const { root } = body;
  if (root.nesting > maxNesting) {
    complain(body, node.span, 'nesting-limit', 'this expression is nested too deeply');
    return invalidOperand(node);
  }
  root.nesting++;
  const operand = dispatch(body, node);
  root.nesting--;
  return operand;
}

function dispatch(body: Body, node: Expression): Operand {
  switch (node.kind) {
    case 'identifier':
      return checkIdentifier(body, node);
    case 'literal':
      return checkLiteral(body, node);
    case 'composite':
      return checkComposite(body, node, null);
    case 'function-literal': {
      const expression = checkFunctionLiteral(body, node);
      return { mode: 'value', node, type: expression.type, expression };
    }
    case 'parenthesized':
      return { ...checkExpression(body, node.inner), node };
    case 'selector':
      return checkSelector(body, node);
    case 'index':
      return checkIndex(body, node);
    case 'slice':
      return checkSlice(body, node);
    case 'type-assertion':
      return checkAssertion(body, node);
    case 'call':
      return checkCall(body, node);
    case 'star':
      return checkStar(body, node);
    case 'unary':
      return checkUnary(body, node);
    case 'binary':
      return checkBinary(body, node);
    case 'type-expression':
      return { mode: 'type', node, type: resolveType(body, node.type) };
    case 'bad':
      return invalidOperand(node);
  }
}

/** The expression as one value; `invalid` after a complaint. */
export function singleValue(body: Body, node: Expression, allowGeneric = false): Operand {
  const operand = checkExpression(body, node);
  return requireValue(body, operand, allowGeneric);
}

/** The operand, if it is one value; `invalid` after a complaint. */
export function requireValue(body: Body, operand: Operand, allowGeneric = false): Operand {
  const { node, type } = operand;
  const { source } = body.file;
  let message: string;
  switch (operand.mode) {
    case 'type':
      if (type === invalidType) return invalidOperand(node);
      message = `${textOf(source, node.span)} (type) is not an expression`;
      break;
    case 'builtin':
      message = `${describe(source, operand)} must be called`;
      break;
    case 'package':
      message = `use of package ${textOf(source, node.span)} not in selector`;
      break;
    case 'generic':
      if (allowGeneric) return operand;
      message = `cannot use generic function ${operand.entity.node.name} without instantiation`;
      break;
    case 'value':
      if (type.kind !== 'tuple') return operand;
      message =
        type.elements.length === 0
          ? `${textOf(source, node.span)} (no value) used as value`
          : `multiple-value ${textOf(source, node.span)} (value of type ${spell(type)}) ` +
            'in single-value context';
      break;
    default:
      return operand;
  }
  complain(body, node.span, 'not-a-value', message);
  return invalidOperand(node);
}

/** The expression converted to `target` as an assignment does. */
export function valueOf(
  body: Body,
  node: Expression,
  target: Type,
  context: string,
): TypedExpression {
  return convertTo(body, singleValue(body, node, true), target, context);
}

/** The expression as an int, for lengths and the like. */
export function intValue(body: Body, node: Expression, context: string): TypedExpression {
  return valueOf(body, node, intType, context);
}

function checkLiteral(body: Body, node: LiteralExpression): Operand {
  switch (node.literal) {
    case 'string':
      return { mode: 'constant', node, type: untypedString, value: node.value };
    case 'float': {
      const message = `${node.value}: floating-point numbers are not in the language`;
      complain(body, node.span, 'not-in-language', message, 'use an integer');
      return invalidOperand(node);
    }
    default: {
      if (node.integer === null) return invalidOperand(node);
      const type = node.literal === 'rune' ? untypedRune : untypedInt;
      return { mode: 'constant', node, type, value: node.integer };
    }
  }
}

function checkIdentifier(body: Body, node: Identifier): Operand {
  const entity = node.name === '_' ? null : body.checker.lookup(body.scope, node.name);
  if (!entity) {
    undefinedName(body, node);
    return invalidOperand(node);
  }
  if (entity.kind === 'builtin' && entity.name === 'fail' && body.file.source.isModel) {
    undefinedName(body, node);
    return invalidOperand(node);
  }
  return entityOperand(body, entity, node, node);
}

/** The operand for a name that was found; `name` is the identifier, `node` the whole expression. */
export function entityOperand(
  body: Body,
  entity: Entity,
  name: Identifier,
  node: Expression,
): Operand {
  const { checker } = body;
  switch (entity.kind) {
    case 'variable': {
      entity.used = true;
      note(body, name, 'variable', entity.variable.type, entity.node, body.file.source);
      return variableOperand(entity.variable.type, node, () =>
        reference(body, entity.variable, node.span),
      );
    }
    case 'global': {
      const variable = resolveGlobal(checker, entity);
      body.root.references.add(entity);
      note(body, name, 'variable', variable.type, entity.node, entity.file.source);
      return variableOperand(variable.type, node, () => reference(body, variable, node.span));
    }
    case 'constant': {
      if (entity === outsideIota) {
        complain(body, node.span, 'iota', 'cannot use iota outside constant declaration');
        return invalidOperand(node);
      }
      resolveConstant(checker, entity);
      note(body, name, 'constant', entity.type, entity.node, entity.file?.source ?? null);
      if (entity.type === invalidType) return invalidOperand(node);
      return { mode: 'constant', node, type: entity.type, value: entity.value };
    }
    case 'type': {
      const generic = (entity.declaration?.typeParameters.length ?? 0) > 0;
      const type = generic ? invalidType : namedInstance(checker, entity, []);
      note(body, name, 'type', type, entity.node, entity.file?.source ?? null);
      if (generic) {
        const message = `cannot use generic type ${name.name} without instantiation`;
        complain(body, node.span, 'type-arguments', message);
      }
      return { mode: 'type', node, type };
    }
    case 'function': {
      if (typeParameterNames(entity).length > 0) {
        return { mode: 'generic', node, type: invalidType, entity, typeArguments: [] };
      }
      const operand = functionValue(body, entity, [], node);
      note(body, name, 'function', operand.type, entity.node, entity.file.source);
      return operand;
    }
    case 'package':
      return { mode: 'package', node, type: invalidType, package: entity.package };
    case 'builtin':
      return { mode: 'builtin', node, type: invalidType, builtin: entity.name };
    case 'nil':
      return { mode: 'nil', node, type: nilType };
  }
}

function note(
  body: Body,
  name: Identifier,
  kind: NameInfo['kind'],
  type: Type,
  node: Identifier | null,
  file: Body['file']['source'] | null,
): void {
  const definition = node && file ? { file, span: node.span } : null;
  body.checker.note(name, { kind, type, definition });
}

function variableOperand(type: Type, node: Expression, make: () => TypedExpression): Operand {
  const expression = make();
  if (type === invalidType) return invalidOperand(node);
  return { mode: 'variable', node, type, expression };
}

/** An instance of a function as a value; its body becomes part of the program. */
export function functionValue(
  body: Body,
  entity: FunctionEntity,
  typeArguments: readonly Type[],
  node: Expression,
): Operand {
  const typed = useFunction(body, entity, typeArguments);
  if (entity.file.package.name === 'machine') {
    const message = `${entity.node.name} is a primitive of the machine and must be called`;
    complain(body, node.span, 'machine-function', message);
    return invalidOperand(node);
  }
  const expression: TypedExpression = {
    kind: 'function',
    type: typed.type,
    span: node.span,
    function: typed,
  };
  return { mode: 'value', node, type: typed.type, expression };
}

/** The typed function of an instance that is used here. */
export function useFunction(
  body: Body,
  entity: FunctionEntity,
  typeArguments: readonly Type[],
): TypedFunction {
  const { checker } = body;
  const instance = functionInstance(checker, entity, typeArguments);
  checker.use(entity.file.package);
  // Models that are checked without a scenario name what is not there yet.
  if (instance.typed.name === 'runtime.main_init' && !entity.declaration.body) {
    return checker.init ?? instance.typed;
  }
  body.root.references.add(instance.typed);
  if (!body.root.isAbstract && entity.file.package.name !== 'machine') {
    requestFunction(checker, entity, instance);
  }
  return instance.typed;
}

/** For callers that need an expression whatever happened. */
export function placeholder(node: Expression): TypedExpression {
  return invalidExpression(node.span);
}
