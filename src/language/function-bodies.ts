/** Bodies of functions and closures: scopes, variables, captures, the checks at their end. */
import type { Block, FunctionLiteral, FunctionTypeNode, Identifier, Statement } from './ast.ts';
import { complain } from './checker.ts';
import type { Body, BodyRoot, Checker, FunctionLoop } from './checker.ts';
import { positionAt } from './diagnostics.ts';
import type { Span } from './diagnostics.ts';
import { Scope } from './entities.ts';
import type {
  Entity,
  FunctionEntity,
  FunctionInstance,
  PackageFile,
  VariableEntity,
} from './entities.ts';
import { parameterVariable } from './instances.ts';
import { checkLabels, declareLabels } from './labels.ts';
import { checkStatements } from './statements.ts';
import { endsInReturn } from './terminating.ts';
import { signatureType } from './type-nodes.ts';
import type {
  TypedBlock,
  TypedExpression,
  TypedFunction,
  TypedStatement,
  Variable,
} from './typed.ts';
import type { FunctionType, Type } from './types.ts';

/** Checks the body of a declared function and fills it in. */
export function checkFunctionBody(
  checker: Checker,
  entity: FunctionEntity,
  instance: FunctionInstance,
  isAbstract: boolean,
): void {
  const { declaration, file } = entity;
  const block = declaration.body;
  if (!block) return;
  const { typed, scope } = instance;
  const references: BodyRoot['references'] = new Set();
  checker.references.set(typed, references);
  const root: BodyRoot = { references, isAbstract, nesting: 0 };
  const body = newBody(checker, file, typed, null, root, new Scope(scope, block.span));
  const { receiver, signature } = declaration;
  const nodes = receiver ? [receiver, ...signature.parameters] : signature.parameters;
  declareParameters(body, nodes, typed.parameters);
  declareParameters(body, signature.results, typed.results);
  fillBody(body, block);
}

/** A body to be checked. */
export function newBody(
  checker: Checker,
  file: PackageFile,
  typed: TypedFunction,
  parent: Body | null,
  root: BodyRoot,
  scope: Scope,
  loop: FunctionLoop | null = null,
): Body {
  const body: Body = {
    checker,
    file,
    function: typed,
    parent,
    root,
    loop,
    closures: 0,
    scope,
    statements: [],
    targets: [],
    labels: loop && parent ? parent.labels : new Map(),
  };
  for (const variable of [...typed.parameters, ...typed.results]) {
    checker.owners.set(variable, body);
  }
  return body;
}

/** A body for expressions outside of functions: constants, array lengths, initialisers. */
export function packageBody(
  checker: Checker,
  file: PackageFile,
  scope: Scope,
  references: BodyRoot['references'] = new Set(),
): Body {
  const typed = newFunction(file, `${file.package.name}.glob.`, scope.span, {
    type: checker.store.thunk,
  });
  return newBody(checker, file, typed, null, { references, isAbstract: false, nesting: 0 }, scope);
}

/** A typed function without a body yet. */
export function newFunction(
  file: PackageFile,
  name: string,
  span: Span,
  parts: Partial<TypedFunction> & { readonly type: FunctionType },
): TypedFunction {
  return {
    name,
    packageName: file.package.name,
    file: file.source,
    span,
    parameters: [],
    results: [],
    captures: [],
    body: null,
    hasDefer: false,
    isWrapper: false,
    isRangeBody: false,
    ...parts,
  };
}

function declareParameters(
  body: Body,
  nodes: readonly { readonly name: Identifier | null }[],
  variables: readonly Variable[],
): void {
  for (const [index, node] of nodes.entries()) {
    if (node.name) declare(body, node.name, variables[index], true);
  }
}

/** Checks the block of a function and what must hold at its end. */
export function fillBody(body: Body, block: Block): void {
  declareLabels(body, block);
  const { scope } = body;
  checkStatements(body, block.statements);
  closeScope(body, scope);
  checkLabels(body);
  if (body.function.type.results.length > 0 && !endsInReturn(block)) {
    const end = { start: Math.max(block.span.start, block.span.end - 1), end: block.span.end };
    complain(body, end, 'missing-return', 'missing return');
  }
  body.function.body = { kind: 'block', span: block.span, statements: body.statements };
}

/** A function literal as a closure. */
export function checkFunctionLiteral(body: Body, node: FunctionLiteral): TypedExpression {
  const { checker, file } = body;
  const type = signatureType(body, node.signature);
  const typed = closureFunction(body, node.signature, type, node.span, node.body.span);
  const inner = newBody(
    checker,
    file,
    typed,
    body,
    body.root,
    new Scope(body.scope, node.body.span),
  );
  declareParameters(inner, node.signature.parameters, typed.parameters);
  declareParameters(inner, node.signature.results, typed.results);
  fillBody(inner, node.body);
  addFunction(body, typed);
  return { kind: 'closure', type, span: node.span, function: typed };
}

function closureFunction(
  body: Body,
  signature: FunctionTypeNode,
  type: FunctionType,
  span: Span,
  scope: Span,
): TypedFunction {
  const { file } = body;
  return newFunction(file, closureName(body, 'func'), span, {
    type,
    parameters: signature.parameters.map((one, index) =>
      parameterVariable(body, one, type.parameters[index], 'parameter', index, scope),
    ),
    results: signature.results.map((one, index) =>
      parameterVariable(body, one, type.results[index], 'result', index, scope),
    ),
  });
}

/** Makes a function part of the program, unless type parameters are opaque here. */
export function addFunction(body: Body, typed: TypedFunction): void {
  if (!body.root.isAbstract) body.checker.functions.push(typed);
}

/** Go's names of closures: `main.f.func1`, inside of that `main.f.func1.2`, `main.f-range1`. */
export function closureName(body: Body, kind: 'func' | '-range' | 'gowrap' | 'deferwrap'): string {
  const number = ++body.closures;
  const { name } = body.function;
  if (kind === '-range') return `${name}-range${number}`;
  const inClosure = body.parent !== null && !body.loop;
  return inClosure && kind === 'func' ? `${name}.${number}` : `${name}.${kind}${number}`;
}

/** Declares a name in the innermost scope. */
export function declare(
  body: Body,
  node: Identifier,
  variable: Variable,
  used = false,
): VariableEntity {
  const entity: VariableEntity = { kind: 'variable', node, variable, used };
  body.checker.owners.set(variable, body);
  if (node.name === '_') return entity;
  const definition = { file: body.file.source, span: node.span };
  body.checker.note(node, { kind: 'variable', type: variable.type, definition });
  declareEntity(body, node, entity);
  return entity;
}

/** Puts an entity into the innermost scope, complaining when the name is taken. */
export function declareEntity(body: Body, node: Identifier, entity: Entity): void {
  const { names } = body.scope;
  const other = names.get(node.name);
  if (node.name === '_') return;
  if (other) {
    const { source } = body.file;
    const line = other.node ? positionAt(source, other.node.span.start).line : 0;
    const help = line > 0 ? `the other declaration is on line ${line}` : undefined;
    complain(body, node.span, 'redeclared', `${node.name} redeclared in this block`, help);
    return;
  }
  names.set(node.name, entity);
}

/** A new local variable; it can be seen from `span`'s end to the end of the scope. */
export function localVariable(body: Body, node: Identifier, type: Type, from: number): Variable {
  return {
    name: node.name,
    type,
    kind: 'local',
    file: body.file.source,
    span: node.span,
    scope: { start: from, end: Math.max(from, body.scope.span.end) },
    synthetic: node.name === '_',
    local: false,
    captured: false,
    addressTaken: false,
    reassigned: false,
  };
}

/** A variable made by the checker. */
export function temporary(body: Body, name: string, type: Type, span: Span): Variable {
  const variable: Variable = {
    name: `#${name}`,
    type,
    kind: 'local',
    file: body.file.source,
    span,
    scope: span,
    synthetic: true,
    local: false,
    captured: false,
    addressTaken: false,
    reassigned: false,
  };
  body.checker.owners.set(variable, body);
  return variable;
}

/** A use of a variable, which captures it when it belongs to an enclosing function. */
export function reference(body: Body, variable: Variable, span: Span): TypedExpression {
  capture(body, variable);
  return { kind: 'variable', type: variable.type, span, variable };
}

/** Notes that `body` uses the variable. */
export function capture(body: Body, variable: Variable): void {
  if (variable.kind === 'global') return;
  const owner = body.checker.owners.get(variable);
  if (!owner || owner === body) return;
  variable.captured = true;
  for (let one: Body | null = body; one && one !== owner; one = one.parent) {
    if (!one.function.captures.includes(variable)) one.function.captures.push(variable);
  }
}

/** Adds a statement to the block that is being checked. */
export function emit(body: Body, statement: TypedStatement): void {
  body.statements.push(statement);
}

/** Runs `work` and gives the statements that it emitted as a block. */
export function collect(body: Body, span: Span, work: () => void): TypedBlock {
  const outer = body.statements;
  body.statements = [];
  work();
  const { statements } = body;
  body.statements = outer;
  return { kind: 'block', span, statements };
}

/** Runs `work` in a scope of its own and gives its statements as a block. */
export function inScope(body: Body, span: Span, work: () => void): TypedBlock {
  const outer = body.scope;
  const scope = new Scope(outer, span);
  body.scope = scope;
  const block = collect(body, span, work);
  closeScope(body, scope);
  body.scope = outer;
  return block;
}

/** The statements of a block in a scope of their own. */
export function checkBlock(body: Body, span: Span, statements: readonly Statement[]): TypedBlock {
  return inScope(body, span, () => {
    checkStatements(body, statements);
  });
}

function closeScope(body: Body, scope: Scope): void {
  if (scope.isEmpty) return;
  for (const entity of scope.names.values()) {
    if (entity.kind !== 'variable' || entity.used || !entity.node) continue;
    complain(body, entity.node.span, 'unused', `declared and not used: ${entity.node.name}`);
  }
}
