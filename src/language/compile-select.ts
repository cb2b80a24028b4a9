/** `select`: the cases are laid out in temporaries as the runtime wants them, then the chosen one's
 *  body is jumped to. */
import { elementType, runtimeCall } from './compile-calls.ts';
import type { FunctionCompiler } from './compile-function.ts';
import { into } from './compile-expressions.ts';
import { initialise } from './compile-assignments.ts';
import { block } from './compile-statements.ts';
import { Label } from './emit.ts';
import * as op from './instructions.ts';
import { move } from './places.ts';
import type { TypedSelect } from './typed.ts';
import { wordsOf } from './types.ts';

/** struct { c *hchan; elem unsafe.Pointer; send bool } */
const CASE_WORDS = 3;

export function select(f: FunctionCompiler, node: TypedSelect): void {
  const { out } = f;
  const end = new Label();
  f.breakables.set(node.target, { breakLabel: end, continueLabel: null, depth: f.depth });
  out.statement({ start: node.span.start, end: node.span.start + 'select'.length });
  const cases = node.clauses.filter((clause) => clause.communication !== null);
  const results = out.temporary(2);
  const table = out.temporary(cases.length * CASE_WORDS);
  const elements = cases.map((_, index) => caseInto(f, node, index, table + index * CASE_WORDS));
  out.span = node.span;
  if (cases.length === 1 && node.clauses.length === 1) {
    single(f, node, results, table, elements[0]);
  } else {
    const chosen = runtimeCall(f, 'selectgo', 4, 2, (slot) => {
      if (cases.length > 0) out.emit(op.OP_LEA, slot, table);
      else out.emit(op.OP_CONST, slot, 0);
      out.emit(op.OP_CONST, slot + 1, cases.length);
      out.emit(op.OP_CONST, slot + 2, cases.length);
      out.emit(op.OP_CONST, slot + 3, cases.length === node.clauses.length ? 1 : 0);
    });
    // Without a case nothing comes back.
    if (node.clauses.length > 0) move(f, results, chosen, 2);
  }
  dispatch(f, node, results, elements, end);
  out.bind(end);
}

/** One case and no default is the plain operation, as Go's compiler has it. */
function single(
  f: FunctionCompiler,
  node: TypedSelect,
  results: number,
  channel: number,
  element: number,
): void {
  const { out } = f;
  const operands = (slot: number): void => {
    move(f, slot, channel, 1);
    out.emit(op.OP_LEA, slot + 1, element);
  };
  if (node.clauses[0].communication?.kind === 'send') runtimeCall(f, 'chansend1', 2, 0, operands);
  else move(f, results + 1, runtimeCall(f, 'chanrecv2', 2, 1, operands), 1);
}

/** Fills in one case; gives the slot of its element. Channels and values are evaluated in the order
 *  of the source. */
function caseInto(f: FunctionCompiler, node: TypedSelect, index: number, entry: number): number {
  const { out } = f;
  const cases = node.clauses.filter((clause) => clause.communication !== null);
  const communication = cases[index].communication;
  if (!communication) return -1;
  const words = wordsOf(elementType(communication.channel.type));
  const element = out.temporary(Math.max(1, words));
  into(f, communication.channel, entry);
  if (communication.kind === 'send') into(f, communication.value, element);
  out.emit(op.OP_LEA, entry + 1, element);
  out.emit(op.OP_CONST, entry + 2, communication.kind === 'send' ? 1 : 0);
  return element;
}

/** Jumps by the index of the chosen case (-1: default). */
function dispatch(
  f: FunctionCompiler,
  node: TypedSelect,
  results: number,
  elements: readonly number[],
  end: Label,
): void {
  const { out } = f;
  const number = out.temporary(1);
  const labels = node.clauses.map(() => new Label());
  let index = 0;
  for (const [position, clause] of node.clauses.entries()) {
    const last = position === node.clauses.length - 1;
    if (last) out.jump(op.OP_JMP, labels[position]);
    else {
      out.emit(op.OP_CONST, number, clause.communication === null ? -1 : index);
      out.jump(op.OP_JEQ, labels[position], results, number);
    }
    if (clause.communication !== null) index++;
  }
  if (node.clauses.length === 0) out.reachable = false;
  index = 0;
  for (const [position, clause] of node.clauses.entries()) {
    const { communication } = clause;
    const element = communication === null ? -1 : elements[index++];
    out.bind(labels[position]);
    f.openScope(null);
    if (communication?.kind === 'receive') {
      const { value: received, ok } = communication;
      out.span = clause.span;
      if (received) {
        const words = wordsOf(elementType(communication.channel.type));
        out.received(element, words);
        initialise(f, received, element);
        f.declared(received);
      }
      if (ok) {
        initialise(f, ok, results + 1);
        f.declared(ok);
      }
    }
    out.forget(results);
    block(f, clause.body);
    f.closeScope();
    out.jump(op.OP_JMP, end);
  }
}
