/** `for` with a condition (the range forms are in compile-range.ts). */
import type { FunctionCompiler } from './compile-function.ts';
import { branch } from './compile-expressions.ts';
import { block, headOf, statement } from './compile-statements.ts';
import { Label } from './emit.ts';
import * as op from './instructions.ts';
import { loadPlace, variablePlace } from './places.ts';
import type { TypedLoop, Variable } from './typed.ts';
import { isBoxed } from './typed.ts';
import { wordsOf } from './types.ts';

export function loop(f: FunctionCompiler, node: TypedLoop): void {
  const { out } = f;
  const head = new Label();
  const next = new Label();
  const end = new Label();
  f.openScope(null);
  if (node.init) statement(f, node.init);
  f.breakables.set(node.target, { breakLabel: end, continueLabel: next, depth: f.depth });
  if (!out.reachable) return f.endScope();
  out.bind(head);
  if (node.condition) {
    // The head is shown as written; init and post have stops of their own.
    out.statement(node.init ? node.condition.span : headOf(node.span, node.condition.span));
    branch(f, node.condition, false, end);
  } else if (node.body.statements.length === 0) {
    out.statement({ start: node.span.start, end: node.body.span.start });
    out.emit(op.OP_NOP);
  }
  block(f, node.body);
  out.bind(next);
  for (const variable of node.iterationVariables) if (isBoxed(variable)) renew(f, variable);
  if (node.post) statement(f, node.post);
  turn(f, head, node.span.start);
  out.bind(end);
  f.closeScope();
}

/** The jump back to a loop's head: here a goroutine may be preempted, and nothing stale is left. */
export function turn(f: FunctionCompiler, head: Label, start: number): void {
  const { out } = f;
  out.span = { start, end: start };
  if (f.preemptible) out.emit(op.OP_PREEMPT);
  out.flush();
  out.jump(op.OP_JMP, head);
}

/** A loop variable that closures may have captured gets a fresh box for the next turn. */
function renew(f: FunctionCompiler, variable: Variable): void {
  const { out } = f;
  const mark = out.top;
  const words = wordsOf(variable.type);
  const copy = out.temporary(words);
  loadPlace(f, variablePlace(f, variable), copy, words);
  f.newBox(variable, copy);
  out.release(mark);
}
