/** Statements. Each begins with an instruction that a debugger stops at. */
import { allValues, assign, declare, update } from './compile-assignments.ts';
import { runtimeCall } from './compile-calls.ts';
import { branch, effects, into, value } from './compile-expressions.ts';
import type { FunctionCompiler } from './compile-function.ts';
import { loop } from './compile-loops.ts';
import { range } from './compile-range.ts';
import { select } from './compile-select.ts';
import type { Span } from './diagnostics.ts';
import { Label } from './emit.ts';
import { hoist } from './evaluation-order.ts';
import { tellsOfRaces } from './machine-operations.ts';
import * as op from './instructions.ts';
import { storePlace, variablePlace } from './places.ts';
import type { TypedBlock, TypedStatement, TypedSwitch } from './typed.ts';
import { wordsOf } from './types.ts';

type StatementOf<Kind> = Extract<TypedStatement, { readonly kind: Kind }>;

/** The statements of a function's body, whose scope is open already. */
export function blockBody(f: FunctionCompiler, block: TypedBlock): void {
  const { statements } = block;
  const [first] = statements;
  // A debugger stops once a statement of the source, however many the checker has made of it.
  let shown: Span | null = first && isEmpty(first.span) ? block.span : null;
  for (const [index, each] of statements.entries()) {
    const { span } = sourceOf(statements, index);
    const again = shown !== null && span.start === shown.start && span.end === shown.end;
    f.out.stops = !again && !isEmpty(each.span);
    f.out.stopStart = span.start;
    if (!again) shown = span;
    statement(f, each);
  }
  f.out.stops = true;
  f.out.stopStart = Infinity;
}

function isEmpty(span: Span): boolean {
  return span.start === span.end;
}

/** The statement that stands in the source: the init statement of an `if` or `switch` belongs to it,
 *  and so do variables that the checker needs for it. */
function sourceOf(statements: readonly TypedStatement[], index: number): TypedStatement {
  const each = statements[index];
  let next = index + 1;
  while (next < statements.length && declaresHidden(statements[next])) next++;
  const owner = statements[next];
  const inside = owner && owner.span.start <= each.span.start && each.span.end <= owner.span.end;
  return inside ? owner : each;
}

function declaresHidden(node: TypedStatement): boolean {
  return node.kind === 'declare' && node.variables.every((variable) => variable.synthetic);
}

/** A block with a scope of its own. */
export function block(f: FunctionCompiler, body: TypedBlock): void {
  f.openScope(body);
  // The checker's own statements have empty spans; a row of them stands for the block's text.
  const [first] = body.statements;
  const made = first !== undefined && isEmpty(first.span) && !isEmpty(body.span);
  if (f.out.stops && made) f.out.statement(body.span);
  blockBody(f, body);
  f.closeScope();
}

export function statement(f: FunctionCompiler, node: TypedStatement): void {
  const { out } = f;
  const mark = out.top;
  byKind(f, node);
  out.endStatement();
  out.stops = true;
  out.stopStart = Infinity;
  out.release(mark);
}

function byKind(f: FunctionCompiler, node: TypedStatement): void {
  const { out } = f;
  switch (node.kind) {
    case 'block':
      return block(f, node);
    case 'expression':
      // No line of the model's own: nothing stops there.
      if (!tellsOfRaces(node.expression)) out.statement(node.span);
      return effects(f, node.expression);
    case 'declare':
      return declare(f, node);
    case 'assign':
      return assign(f, node);
    case 'update':
      return update(f, node);
    case 'send':
      return send(f, node);
    case 'go':
      out.statement(node.span);
      runtimeCall(f, 'newproc', 1, 0, (slot) => {
        into(f, node.closure, slot);
        out.span = node.span;
      });
      return;
    case 'defer': {
      out.statement(node.span);
      const closure = value(f, node.closure);
      const frame = node.frame ? value(f, node.frame) : -1;
      out.span = node.span;
      return out.emit(op.OP_DEFER, closure, frame);
    }
    case 'return':
      return returnValues(f, node);
    case 'if':
      return conditional(f, node);
    case 'loop':
      return loop(f, node);
    case 'range':
      return range(f, node);
    case 'switch':
      return choose(f, node);
    case 'select':
      return select(f, node);
    case 'branch':
      return leave(f, node);
    case 'label':
      return out.bindGoto(labelOf(f, node.target));
    case 'atomic':
      return atomic(f, node);
  }
}

function send(f: FunctionCompiler, node: StatementOf<'send'>): void {
  const { out } = f;
  out.statement(node.span);
  const words = wordsOf(node.value.type);
  const sent = out.temporary(Math.max(1, words));
  hoist(f, node.channel);
  into(f, node.value, sent);
  runtimeCall(f, 'chansend1', 2, 0, (slot) => {
    into(f, node.channel, slot);
    out.span = node.span;
    out.emit(op.OP_LEA, slot + 1, sent);
  });
}

function returnValues(f: FunctionCompiler, { span, values }: StatementOf<'return'>): void {
  const { out } = f;
  out.statement(span);
  if (values === null || values.length === 0) return f.emitReturn();
  const slot = allValues(f, values);
  out.span = span;
  if (!f.hasEpilogue) {
    f.leaveAtomic();
    out.emit(op.OP_RET, slot, f.resultWords);
    out.reachable = false;
    return;
  }
  if (f.resultSlot >= 0) {
    storePlace(f, { kind: 'slot', slot: f.resultSlot }, slot, f.resultWords);
  } else {
    let next = slot;
    for (const result of f.source.results) {
      const words = wordsOf(result.type);
      storePlace(f, variablePlace(f, result), next, words);
      next += words;
    }
  }
  f.emitReturn();
}

function conditional(f: FunctionCompiler, node: StatementOf<'if'>): void {
  const { out } = f;
  const no = new Label();
  out.statement(headOf(node.span, node.condition.span));
  branch(f, node.condition, false, no);
  block(f, node.then);
  if (node.otherwise) {
    const end = new Label();
    out.jump(op.OP_JMP, end);
    out.bind(no);
    statement(f, node.otherwise);
    out.bind(end);
  } else out.bind(no);
}

/** The part of a statement that is shown when a debugger stops at its head. */
export function headOf(span: Span, last: Span): Span {
  return { start: span.start, end: Math.max(span.start, last.end) };
}

function choose(f: FunctionCompiler, node: TypedSwitch): void {
  const { out } = f;
  const end = new Label();
  f.breakables.set(node.target, { breakLabel: end, continueLabel: null, depth: f.depth });
  const labels = node.clauses.map(() => new Label());
  const [first] = node.clauses;
  const last = first?.conditions[0]?.span ?? { start: node.span.start, end: node.span.start };
  out.statement(headOf(node.span, last));
  for (const [index, clause] of node.clauses.entries()) {
    for (const condition of clause.conditions) branch(f, condition, true, labels[index]);
  }
  const fallback = node.clauses.findIndex((clause) => clause.isDefault);
  out.span = node.span;
  out.jump(op.OP_JMP, fallback < 0 ? end : labels[fallback]);
  for (const [index, clause] of node.clauses.entries()) {
    out.bind(labels[index]);
    block(f, clause.body);
    if (!clause.fallsThrough) out.jump(op.OP_JMP, end);
  }
  out.bind(end);
}

/** break, continue, goto. */
function leave(f: FunctionCompiler, node: StatementOf<'branch'>): void {
  const { out } = f;
  out.statement(node.span);
  if (node.branch === 'goto') {
    const block = f.layout.labelBlocks.get(node.target);
    if (!block) throw new Error('internal error: a goto without its label, please report');
    const depth = f.depthOf(block);
    f.leaveScopes(depth);
    out.release(f.topOf(depth));
    out.flush();
    return out.jump(op.OP_JMP, labelOf(f, node.target));
  }
  const breakable = f.breakables.get(node.target);
  const label = node.branch === 'break' ? breakable?.breakLabel : breakable?.continueLabel;
  if (!breakable || !label) {
    throw new Error(`internal error: a ${node.branch} without its statement, please report`);
  }
  f.leaveScopes(breakable.depth);
  out.jump(op.OP_JMP, label);
}

function labelOf(f: FunctionCompiler, target: StatementOf<'label'>['target']): Label {
  let label = f.labels.get(target);
  if (!label) f.labels.set(target, (label = new Label()));
  return label;
}

function atomic(f: FunctionCompiler, node: StatementOf<'atomic'>): void {
  const { out } = f;
  out.statement({ start: node.span.start, end: node.span.start + 'atomic'.length });
  if (!f.local) out.emit(op.OP_ATOMIC_BEGIN);
  f.openScope(node.body, true);
  blockBody(f, node.body);
  f.closeScope();
}
