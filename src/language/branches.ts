/** `break`, `continue`, `goto` and labelled statements. */
import type { BranchStatement, LabeledStatement } from './ast.ts';
import { complain } from './checker.ts';
import type { Body, FlowTarget } from './checker.ts';
import { emit } from './function-bodies.ts';
import { leaveLoops } from './range-function.ts';
import { checkStatement } from './statements.ts';

/** A branch out of a statement around it. */
export function checkBranch(body: Body, node: BranchStatement): void {
  if (node.branch === 'fallthrough') {
    complain(body, node.span, 'fallthrough', 'fallthrough statement out of place');
    return;
  }
  if (node.branch === 'goto') {
    checkGoto(body, node);
    return;
  }
  const found = findTarget(body, node);
  if (!found) return;
  const { flow, owner } = found;
  if (owner === body && !flow.loop) {
    emit(body, { kind: 'branch', span: node.span, branch: node.branch, target: flow.target });
    return;
  }
  leaveLoops(body, node.span, { kind: node.branch, owner, flow, target: flow.target });
}

function checkGoto(body: Body, node: BranchStatement): void {
  const label = node.label && body.labels.get(node.label.name);
  if (!label) {
    if (node.label) {
      complain(body, node.label.span, 'label', `label ${node.label.name} not defined`);
    }
    return;
  }
  label.used = true;
  const { target } = label;
  // Labels inside of a loop over a function are not reached from outside of it; those outside
  // are reached through the loops' exits.
  const owner = ownerOfLabel(body, label.node.span.start);
  if (owner === body) {
    emit(body, { kind: 'branch', span: node.span, branch: 'goto', target });
    return;
  }
  leaveLoops(body, node.span, { kind: 'goto', owner, flow: null, target });
}

function ownerOfLabel(body: Body, offset: number): Body {
  let owner = body;
  while (owner.loop && owner.parent) {
    const { span } = owner.function;
    if (offset >= span.start && offset < span.end) return owner;
    owner = owner.parent;
  }
  return owner;
}

interface Found {
  readonly flow: FlowTarget;
  readonly owner: Body;
}

function findTarget(body: Body, node: BranchStatement): Found | null {
  const name = node.label?.name ?? null;
  const label = name === null ? null : body.labels.get(name);
  if (label) label.used = true;
  for (let owner: Body | null = body; owner; owner = owner.loop ? owner.parent : null) {
    for (let index = owner.targets.length - 1; index >= 0; index--) {
      const flow = owner.targets[index];
      const fits =
        name === null ? node.branch === 'break' || flow.kind === 'loop' : flow.label === name;
      if (!fits) continue;
      if (node.branch === 'continue' && flow.kind !== 'loop') break;
      return { flow, owner };
    }
  }
  complainOfTarget(body, node, name, label !== null && label !== undefined);
  return null;
}

function complainOfTarget(
  body: Body,
  node: BranchStatement,
  name: string | null,
  defined: boolean,
): void {
  const { branch } = node;
  if (name !== null) {
    const message = defined
      ? `invalid ${branch} label ${name}`
      : `${branch} label not defined: ${name}`;
    complain(body, node.label?.span ?? node.span, 'label', message);
    return;
  }
  const message =
    branch === 'break' ? 'break is not in a loop, switch, or select' : 'continue is not in a loop';
  complain(body, node.span, 'branch', message);
}

/** `L: statement`. */
export function checkLabeled(body: Body, node: LabeledStatement): void {
  const label = body.labels.get(node.label.name);
  if (label && label.node === node.label) {
    emit(body, { kind: 'label', span: node.label.span, target: label.target });
  }
  checkStatement(body, node.statement, node.label.name);
}
