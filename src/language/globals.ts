/** Variables of packages: made when first needed, initialised in the order of their needs. */
import type { Expression } from './ast.ts';
import { convertTo, defaulted } from './assignability.ts';
import { describeTuple, withOk } from './assignments.ts';
import type { Body, Checker } from './checker.ts';
import type { GlobalEntity } from './entities.ts';
import { checkExpression, singleValue } from './expressions.ts';
import { closureName, packageBody, temporary } from './function-bodies.ts';
import type { Operand } from './operand.ts';
import { resolveType } from './type-nodes.ts';
import { makeThunk } from './thunks.ts';
import { invalidType } from './type-store.ts';
import type { TypedExpression, Variable } from './typed.ts';
import type { Type } from './types.ts';

/** The variable of a package; its initialiser is checked on the way. */
export function resolveGlobal(checker: Checker, entity: GlobalEntity): Variable {
  if (entity.variable) return entity.variable;
  const { declaration, file } = entity;
  checker.use(file.package);
  if (entity.state === 'busy') {
    const name = entity.node.name;
    const message = `initialization cycle or invalid use of ${name} in its own initialisation`;
    checker.report(file.source, entity.node.span, 'initialization-cycle', message);
    return globalVariable(entity, invalidType);
  }
  keepGlobal(checker, entity);
  entity.state = 'busy';
  checker.aloud(() => {
    if (declaration.type) {
      const type = resolveType({ checker, file, scope: file.scope }, declaration.type);
      publish(checker, entity, type);
    }
    initialize(checker, entity);
  });
  entity.state = 'done';
  return entity.variable ?? globalVariable(entity, invalidType);
}

/** Before a global is resolved: nothing is known of it. */
function keepGlobal(checker: Checker, entity: GlobalEntity): void {
  checker.keep(entity);
  checker.keepEmpty(entity.references);
}

function publish(checker: Checker, entity: GlobalEntity, type: Type): void {
  if (entity.variable) return;
  entity.variable = globalVariable(entity, type);
  if (entity.node.name !== '_') checker.globals.push(entity.variable);
}

function globalVariable(entity: GlobalEntity, type: Type): Variable {
  const { source } = entity.file;
  return {
    name: entity.node.name,
    type,
    kind: 'global',
    file: source,
    span: entity.node.span,
    scope: { start: 0, end: source.text.length },
    synthetic: entity.node.name === '_',
    local: source.isModel && isMarkedLocal(source.text, entity.declaration.span.start),
    captured: false,
    addressTaken: false,
    reassigned: false,
  };
}

/** Whether the line above the declaration is `//local`. */
function isMarkedLocal(text: string, start: number): boolean {
  const line = text.lastIndexOf('\n', start - 1);
  if (line < 0) return false;
  const above = text.slice(text.lastIndexOf('\n', line - 1) + 1, line);
  return above.trim() === '//local';
}

/** All variables of the declaration that one value initialises. */
function siblings(entity: GlobalEntity): GlobalEntity[] {
  const { globals } = entity.file.package;
  return globals.filter((one) => one.declaration === entity.declaration);
}

function initialize(checker: Checker, entity: GlobalEntity): void {
  const { declaration, file, references } = entity;
  const { names, values } = declaration;
  if (values.length === 0) {
    publish(checker, entity, invalidType);
    return;
  }
  const body = packageBody(checker, file, file.scope, references);
  if (values.length === 1 && names.length > 1) {
    initializeFromTuple(checker, entity, body);
    return;
  }
  const value = values[entity.index];
  if (!value || values.length !== names.length) {
    if (entity.index === 0) describeTuple(body, declaration.span, names.length, values);
    publish(checker, entity, invalidType);
    return;
  }
  const operand = singleValue(body, value, declaration.type !== null);
  const expression = entity.variable
    ? convertTo(body, operand, entity.variable.type, 'variable declaration')
    : defaulted(body, operand);
  publish(checker, entity, expression.type);
  const { span } = declaration;
  const targets = [entity.node.name === '_' ? null : entity.variable];
  checker.initializers.push({ globals: [entity], targets, value: expression, span, file });
}

function initializeFromTuple(checker: Checker, entity: GlobalEntity, body: Body): void {
  const { declaration, file, references } = entity;
  const all = siblings(entity);
  for (const one of all) {
    if (one !== entity) keepGlobal(checker, one);
    one.state = 'busy';
  }
  const operand = tupleOf(body, declaration.values[0], all.length);
  const types = operand.type.kind === 'tuple' ? operand.type.elements : [];
  if (types.length !== all.length || operand.mode !== 'value') {
    if (operand.mode !== 'invalid') {
      describeTuple(body, declaration.span, all.length, declaration.values, operand);
    }
    for (const one of all) publish(checker, one, one.variable?.type ?? invalidType);
    for (const one of all) one.state = 'done';
    return;
  }
  const annotated = entity.variable?.type ?? null;
  for (const [index, one] of all.entries()) {
    publish(checker, one, annotated ?? types[index]);
    one.state = 'done';
    if (one !== entity) for (const reference of references) one.references.add(reference);
  }
  const targets = all.map((one) => (one.node.name === '_' ? null : one.variable));
  const { span } = declaration;
  const same = annotated === null || types.every((one) => one === annotated);
  const value = same ? operand.expression : convertTuple(body, operand, annotated, types);
  checker.initializers.push({ globals: all, targets, value, span, file });
}

/** The tuple with all elements converted to one type: by a function that is called at once. */
function convertTuple(
  body: Body,
  { expression, node }: Operand & { readonly mode: 'value' },
  target: Type,
  types: readonly Type[],
): TypedExpression {
  const { store } = body.checker;
  const { span } = expression;
  const results = types.map(() => target);
  const type = store.function([], results, false);
  const { closure } = makeThunk(body, span, closureName(body, 'func'), type, (inner) => {
    const variables = types.map((one, index) => temporary(inner, `t${index}`, one, span));
    const values = variables.map((variable) => {
      const element: TypedExpression = { kind: 'variable', type: variable.type, span, variable };
      const operand: Operand = { mode: 'value', node, type: variable.type, expression: element };
      return convertTo(inner, operand, target, 'variable declaration');
    });
    return [
      { kind: 'declare', span, variables, values: [expression] },
      { kind: 'return', span, values },
    ];
  });
  const callee = { kind: 'value', value: closure } as const;
  return { kind: 'call', type: store.tuple(results), span, callee, arguments: [] };
}

/** The operand, or its comma-ok form where two variables ask for it. */
function tupleOf(body: Body, node: Expression, count: number): Operand {
  const operand = checkExpression(body, node);
  const pair = count === 2 && operand.mode === 'value' ? withOk(body, operand.expression) : null;
  return pair ? { mode: 'value', node, type: pair.type, expression: pair } : operand;
}
