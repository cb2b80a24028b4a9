/** A typed program as text, close to Go: what the checker made explicit can be seen. */
import type {
  Call,
  TypedBlock,
  TypedExpression,
  TypedFunction,
  TypedProgram,
  TypedStatement,
  Variable,
} from '../../src/language/typed.ts';
import { isBoxed } from '../../src/language/typed.ts';
import { typeName } from '../../src/language/types.ts';
import type { Type } from '../../src/language/types.ts';

/** The functions of package main, and the table of types that stand in interfaces. */
export function printProgram(program: TypedProgram): string {
  const own = program.functions.filter((one) => one.packageName === 'main');
  const names = own.map((one) => one.name);
  const sorted = own.toSorted((a, b) => a.span.start - b.span.start || order(a.name, b.name));
  const types = program.dynamicTypes
    .filter(({ type, methods }) => methods.size > 0 && isOwn(type))
    .map(({ type, methods }) => {
      const list = [...methods].map(([name, typed]) => `${name}: ${typed.name}`).join(', ');
      return `dynamic ${typeName(type)} {${list}}\n`;
    });
  const doubled = names.length !== new Set(own).size ? ['functions listed twice\n'] : [];
  return [...sorted.map(printFunction), ...types, ...doubled].join('\n');
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function isOwn(type: Type): boolean {
  return typeName(type).includes('main.') || type.kind === 'struct';
}

/** One function with its variables: `!` marks boxed ones. */
export function printFunction(typed: TypedFunction): string {
  const marks = [
    typed.isWrapper ? 'wrapper' : '',
    typed.isRangeBody ? 'range-body' : '',
    typed.hasDefer ? 'defers' : '',
  ].filter((mark) => mark !== '');
  const captures =
    typed.captures.length > 0 ? ` captures ${typed.captures.map(name).join(', ')}` : '';
  const results = typed.results.length > 0 ? ` (${typed.results.map(declared).join(', ')})` : '';
  const head = `func ${typed.name}(${typed.parameters.map(declared).join(', ')})${results}`;
  const tail = marks.length > 0 ? ` [${marks.join(' ')}]` : '';
  const body = typed.body ? ` {\n${block(typed.body, 1)}}` : '';
  return `${head}${captures}${tail}${body}\n`;
}

function name(variable: Variable): string {
  return variable.name + (isBoxed(variable) ? '!' : '');
}

function declared(variable: Variable): string {
  return `${name(variable)} ${typeName(variable.type)}`;
}

function indent(depth: number): string {
  return '\t'.repeat(depth);
}

function block(node: TypedBlock, depth: number): string {
  return node.statements.map((one) => `${indent(depth)}${statement(one, depth)}\n`).join('');
}

function nested(node: TypedBlock, depth: number): string {
  return `{\n${block(node, depth + 1)}${indent(depth)}}`;
}

function list(expressions: readonly (TypedExpression | null)[]): string {
  return expressions.map((one) => (one ? expression(one) : '_')).join(', ');
}

function statement(node: TypedStatement, depth: number): string {
  switch (node.kind) {
    case 'block':
      return nested(node, depth);
    case 'expression':
      return expression(node.expression);
    case 'declare': {
      const values = node.values.length > 0 ? ` = ${list(node.values)}` : '';
      return `var ${node.variables.map(declared).join(', ')}${values}`;
    }
    case 'assign':
      return `${list(node.targets)} = ${list(node.values)}`;
    case 'update':
      return `${expression(node.target)} ${node.operator}= ${expression(node.value)}`;
    case 'send':
      return `${expression(node.channel)} <- ${expression(node.value)}`;
    case 'go':
      return `go ${expression(node.closure)}`;
    case 'defer':
      return `defer ${expression(node.closure)}${node.frame ? ` in ${expression(node.frame)}` : ''}`;
    case 'return':
      return node.values ? `return ${list(node.values)}` : 'return';
    case 'if': {
      const otherwise = node.otherwise ? ` else ${statement(node.otherwise, depth)}` : '';
      return `if ${expression(node.condition)} ${nested(node.then, depth)}${otherwise}`;
    }
    case 'branch':
      return `${node.branch}${node.target.label ? ` ${node.target.label}` : ''}`;
    case 'label':
      return `${node.target.label ?? ''}:`;
    case 'atomic':
      return `atomic ${nested(node.body, depth)}`;
    default:
      return compound(node, depth);
  }
}

function compound(
  node: Extract<TypedStatement, { kind: 'loop' | 'range' | 'switch' | 'select' }>,
  depth: number,
): string {
  const label = node.target.label ? `${node.target.label}: ` : '';
  if (node.kind === 'loop') {
    const init = node.init ? statement(node.init, depth) : '';
    const condition = node.condition ? expression(node.condition) : '';
    const post = node.post ? statement(node.post, depth) : '';
    const each = node.iterationVariables.map(name).join(', ');
    return `${label}for [${each}] ${init}; ${condition}; ${post} ${nested(node.body, depth)}`;
  }
  if (node.kind === 'range') {
    const variables = [node.key, node.value].map((one) => (one ? declared(one) : '_')).join(', ');
    const object = expression(node.object);
    return `${label}for ${variables} range ${node.form} ${object} ${nested(node.body, depth)}`;
  }
  const clauses = node.clauses.map((clause) => {
    let head = 'default';
    if ('conditions' in clause) {
      if (clause.conditions.length > 0) head = `case ${list(clause.conditions)}`;
      if (clause.isDefault && clause.conditions.length > 0) head += ' or default';
      if (clause.fallsThrough) head += ' [falls through]';
    } else if (clause.communication?.kind === 'send') {
      const { channel, value } = clause.communication;
      head = `case ${expression(channel)} <- ${expression(value)}`;
    } else if (clause.communication) {
      const { channel, value, ok } = clause.communication;
      head = `case ${value ? declared(value) : '_'}, ${ok ? declared(ok) : '_'} = <-${expression(channel)}`;
    }
    return `${indent(depth)}${head}:\n${block(clause.body, depth + 1)}`;
  });
  return `${label}${node.kind} {\n${clauses.join('')}${indent(depth)}}`;
}

function call(node: Call): string {
  const { callee } = node;
  const values = list(node.arguments);
  switch (callee.kind) {
    case 'static':
      return `${callee.function.name}(${values})`;
    case 'value':
      return `(${expression(callee.value)})(${values})`;
    case 'interface':
      return `${expression(callee.object)}->${callee.method}(${values})`;
    case 'machine':
      return `machine.${callee.name}[${callee.typeArguments.map(typeName).join(', ')}](${values})`;
  }
}

function expression(node: TypedExpression): string {
  switch (node.kind) {
    case 'constant':
      return typeof node.value === 'string' ? JSON.stringify(node.value) : String(node.value);
    case 'nil':
      return 'nil';
    case 'zero':
      return `zero(${typeName(node.type)})`;
    case 'variable':
      return name(node.variable);
    case 'function':
      return node.function.name;
    case 'closure':
      return `closure ${node.function.name}`;
    case 'field':
      return `${expression(node.object)}.${node.name}@${node.offset}${node.local ? '~' : ''}`;
    case 'element':
      return `${expression(node.object)}[${expression(node.index)}]`;
    case 'dereference':
      return `*(${expression(node.pointer)})`;
    case 'address':
      return `&(${expression(node.operand)})`;
    case 'new':
      return `new(${typeName(node.element)}${node.value ? ` = ${expression(node.value)}` : ''})`;
    case 'slice':
      return `${expression(node.object)}[${[node.low, node.high, node.max]
        .map((one) => (one ? expression(one) : ''))
        .join(':')}]`;
    case 'composite':
      return `${typeName(node.type)}{${node.elements
        .map(({ index, value }) => `${index}: ${expression(value)}`)
        .join(', ')}}`;
    case 'unary':
      return `${node.operator}${expression(node.operand)}`;
    case 'binary':
      return `(${expression(node.left)} ${node.operator} ${expression(node.right)})`;
    case 'conversion':
      return `${node.conversion}[${typeName(node.type)}](${expression(node.operand)})`;
    case 'assertion':
      return `${expression(node.operand)}.(${typeName(node.target)}${node.commaOk ? ', ok' : ''})`;
    case 'type-test':
      return `${expression(node.operand)} is ${node.target ? typeName(node.target) : 'nil'}`;
    case 'call':
      return call(node);
    case 'builtin':
      return `${node.builtin}(${list(node.arguments)})`;
    case 'receive':
      return `<-${expression(node.channel)}${node.commaOk ? ', ok' : ''}`;
    case 'frame-pointer':
      return 'frame-pointer';
  }
}
