/**
 * Expressions in a frame: for watches, hovers, the console, conditions and log points. They read
 * the state and never change it.
 */
import type { Expression } from '../language/ast.ts';
import { decodeUtf8, textBytes } from '../language/literals.ts';
import { globalNamed } from './model.ts';
import { EvaluationFailure, expressionOf } from './expressions.ts';
import type { Frame, Inspector, Value } from './inspect.ts';
import {
  binary,
  constant,
  describe,
  numberOf,
  type Operand,
  renderConstant,
  simpleValue,
  truthOf,
} from './operands.ts';
import type { Datum } from './values.ts';

/** For people: `there is no x here`. */
export interface EvaluationError {
  readonly error: string;
}

/** Where names are looked up: a frame, or as much of one as a condition needs. */
export type Place = Pick<Frame, 'function' | 'pc' | 'fp'>;

/** Evaluates `text` in `frame` (null: only package variables). Go's spelling; also `G1.lockedm`
 *  and `M0.lockedExt`, and `runtime.sched.nmidle`. */
export function evaluate(
  inspector: Inspector,
  frame: Place | null,
  text: string,
): Value | EvaluationError {
  try {
    const operand = operandOf(inspector, frame, text);
    if (operand.kind === 'datum') {
      return inspector.values.present(text, operand.datum, operand.datum.address < 0 ? null : text);
    }
    return constantValue(text, operand.value);
  } catch (error) {
    if (error instanceof EvaluationFailure) return { error: error.message };
    throw error;
  }
}

/** The value of an expression before it is rendered. Throws an EvaluationFailure. */
export function operandOf(inspector: Inspector, frame: Place | null, text: string): Operand {
  return new Evaluation(inspector, frame).of(expressionOf(text));
}

/** Whether a condition holds: true, a number other than 0, or anything but nil and "". */
export function holds(
  inspector: Inspector,
  frame: Place | null,
  text: string,
): boolean | EvaluationError {
  try {
    const operand = operandOf(inspector, frame, text);
    const value = simpleValue(inspector.values, operand);
    return value === undefined || Boolean(value);
  } catch (error) {
    if (error instanceof EvaluationFailure) return { error: error.message };
    throw error;
  }
}

function constantValue(name: string, value: number | string | boolean | null): Value {
  const typeName =
    value === null
      ? 'nil'
      : typeof value === 'string'
        ? 'string'
        : typeof value === 'boolean'
          ? 'bool'
          : 'int';
  return {
    name,
    text: renderConstant(value),
    typeName,
    type: 0,
    address: -1,
    words: typeof value === 'number' ? [value | 0] : typeof value === 'boolean' ? [+value] : [0],
    childCount: 0,
    indexed: false,
    evaluateName: null,
  };
}

class Evaluation {
  readonly #inspector: Inspector;
  readonly #frame: Place | null;

  constructor(inspector: Inspector, frame: Place | null) {
    this.#inspector = inspector;
    this.#frame = frame;
  }

  of(expression: Expression): Operand {
    const { values } = this.#inspector;
    switch (expression.kind) {
      case 'identifier':
        return this.#name(expression.name);
      case 'literal':
        return literal(expression.integer, expression.value, expression.literal);
      case 'parenthesized':
        return this.of(expression.inner);
      case 'selector':
        return this.#selector(expression);
      case 'index':
        return this.#index(expression);
      case 'slice':
        return this.#slice(expression);
      case 'star':
        return this.#pointee(this.of(expression.operand));
      case 'unary':
        return this.#unary(expression.operator, expression.operand);
      case 'binary': {
        const left = this.of(expression.left);
        if (expression.operator === '&&' || expression.operator === '||') {
          const isTrue = truthOf(values, left);
          if (isTrue === (expression.operator === '||')) return constant(isTrue);
          return constant(truthOf(values, this.of(expression.right)));
        }
        return binary(values, expression.operator, left, this.of(expression.right));
      }
      case 'call':
        return this.#call(expression);
      case 'type-assertion':
        return this.#assertion(this.of(expression.object));
      default:
        throw new EvaluationFailure('only values can be looked at here: names, fields, operators');
    }
  }

  #name(name: string): Operand {
    const found = this.#variable(name) ?? this.#record(name) ?? this.#global(name);
    if (found !== null) return { kind: 'datum', datum: found };
    if (name === 'true' || name === 'false') return constant(name === 'true');
    if (name === 'nil') return constant(null);
    const where = this.#frame === null ? 'among the package variables' : 'here';
    throw new EvaluationFailure(`there is no ${name} ${where}`);
  }

  #variable(name: string): Datum | null {
    const frame = this.#frame;
    if (frame === null) return null;
    const { variables } = this.#inspector.functions.info(frame.function);
    for (let index = variables.length - 1; index >= 0; index--) {
      const variable = variables[index];
      if (variable.name !== name || frame.pc < variable.start || frame.pc >= variable.end) continue;
      const datum = this.#inspector.variable(frame, variable);
      if (datum === null) throw new EvaluationFailure(`${name} does not exist yet`);
      return datum;
    }
    return null;
  }

  /** `G18`, `M0`, `P1`: the record of that name. */
  #record(name: string): Datum | null {
    const { model, values, machine, image } = this.#inspector;
    const match = /^([GMP])(\d{1,9})$/.exec(name);
    if (match === null || model === null) return null;
    const number = Number(match[2]);
    const missing = () => new EvaluationFailure(`there is no ${name} now`);
    if (match[1] === 'P') {
      const allp = globalNamed(image, 'runtime', 'allp');
      const pointer = allp === 0 || number >= 64 ? 0 : machine.memory[allp + number];
      if (pointer === 0) throw missing();
      return values.at(pointer, model.pType);
    }
    const isG = match[1] === 'G';
    const address = isG ? this.#inspector.gNumbered(number) : this.#inspector.mNumbered(number);
    if (address === 0) throw missing();
    return values.at(address, isG ? model.gType : model.mType);
  }

  #global(name: string): Datum | null {
    const { image, values, functions } = this.#inspector;
    const own = this.#frame === null ? 'main' : functions.info(this.#frame.function).packageName;
    for (const packageName of [own, 'main', 'runtime']) {
      const found = image.globals.find(
        (one) => one.name === name && one.packageName === packageName,
      );
      if (found !== undefined) return values.at(found.address, found.type);
    }
    return null;
  }

  #selector({ object, name }: Expression & { kind: 'selector' }): Operand {
    const { image, values } = this.#inspector;
    if (object.kind === 'identifier' && !this.#isKnown(object.name)) {
      const inPackage = image.globals.filter((one) => one.packageName === object.name);
      const found = inPackage.find((one) => one.name === name.name);
      if (found !== undefined) {
        return { kind: 'datum', datum: values.at(found.address, found.type) };
      }
      if (inPackage.length > 0) {
        throw new EvaluationFailure(`package ${object.name} has no variable ${name.name}`);
      }
    }
    return { kind: 'datum', datum: this.#field(this.of(object), name.name) };
  }

  #isKnown(name: string): boolean {
    try {
      this.#name(name);
      return true;
    } catch {
      return false;
    }
  }

  #field(operand: Operand, name: string): Datum {
    const { values } = this.#inspector;
    let datum = this.#datum(operand);
    if (datum.type.kind === 'interface') datum = values.dynamicValue(datum) ?? datum;
    if (datum.type.kind === 'pointer') datum = this.#datum(this.#pointee({ kind: 'datum', datum }));
    const found = this.#fieldOf(datum, name, 0);
    if (found !== null) return found;
    throw new EvaluationFailure(`a ${datum.type.name} has no field ${name}`);
  }

  /** The field, also of embedded structs. */
  #fieldOf(datum: Datum, name: string, depth: number): Datum | null {
    const { values } = this.#inspector;
    if (datum.type.kind !== 'struct' || depth > 8) return null;
    const field = datum.type.fields.find((one) => one.name === name);
    if (field !== undefined) return values.part(datum, field.type, field.offset);
    for (const inner of datum.type.fields) {
      const type = values.typeOf(inner.type);
      if (type?.kind !== 'struct' || !type.name.endsWith(`.${inner.name}`)) continue;
      const found = this.#fieldOf(values.part(datum, inner.type, inner.offset), name, depth + 1);
      if (found !== null) return found;
    }
    return null;
  }

  #pointee(operand: Operand): Operand {
    const { values } = this.#inspector;
    if (operand.kind === 'constant') throw new EvaluationFailure('only a pointer points anywhere');
    const { type, words } = operand.datum;
    if (type.kind !== 'pointer') {
      throw new EvaluationFailure(`${describe(values, operand)} is no pointer`);
    }
    if (words[0] === 0) throw new EvaluationFailure(`this ${type.name} is nil`);
    return { kind: 'datum', datum: values.at(words[0], type.element) };
  }

  #index({ object, indices }: Expression & { kind: 'index' }): Operand {
    const { values } = this.#inspector;
    if (indices.length !== 1) throw new EvaluationFailure('one index is expected');
    const index = numberOf(values, this.of(indices[0]), 'an index');
    const operand = this.of(object);
    const text = simpleValue(values, operand);
    if (typeof text === 'string') {
      const bytes = new TextEncoder().encode(text);
      checkIndex(index, bytes.length);
      return constant(bytes[index]);
    }
    let datum = this.#datum(operand);
    if (datum.type.kind === 'pointer') datum = this.#datum(this.#pointee(operand));
    const elements = values.elementsOf(datum);
    if (elements === null) throw new EvaluationFailure(`a ${datum.type.name} has no elements`);
    checkIndex(index, elements.count);
    const offset = index * elements.type.words;
    const { address, type } = elements;
    const found =
      address < 0 ? values.part(datum, type.id, offset) : values.at(address + offset, type.id);
    return { kind: 'datum', datum: found };
  }

  #slice({ object, low, high }: Expression & { kind: 'slice' }): Operand {
    const { values } = this.#inspector;
    const operand = this.of(object);
    const start = low === null ? 0 : numberOf(values, this.of(low), 'a bound');
    const text = simpleValue(values, operand);
    const given = high === null ? null : numberOf(values, this.of(high), 'a bound');
    if (typeof text === 'string') return constant(sliceOfText(text, start, given));
    const datum = this.#datum(operand);
    if (datum.type.kind !== 'slice') {
      throw new EvaluationFailure(`a ${datum.type.name} cannot be sliced here`);
    }
    const [address, length, capacity] = datum.words;
    const end = given ?? length;
    if (start < 0 || end < start || end > capacity) {
      throw new EvaluationFailure(`slice bounds [${start}:${end}] with capacity ${capacity}`);
    }
    const element = values.typeOf(datum.type.element);
    const moved = address + start * (element?.words ?? 1);
    const words = [moved, end - start, capacity - start];
    return { kind: 'datum', datum: { type: datum.type, address: -1, words } };
  }

  #unary(operator: string, operandNode: Expression): Operand {
    const { values } = this.#inspector;
    const operand = this.of(operandNode);
    switch (operator) {
      case '!':
        return constant(!truthOf(values, operand));
      case '-':
        return constant(-numberOf(values, operand, 'what follows -'));
      case '+':
        return constant(numberOf(values, operand, 'what follows +'));
      case '^':
        return constant(~numberOf(values, operand, 'what follows ^'));
      case '&': {
        const { type, address } = this.#datum(operand);
        const pointer = values.image.types.find(
          (one) => one?.kind === 'pointer' && one.element === type.id,
        );
        if (address < 0 || !pointer) throw new EvaluationFailure('it has no address');
        return { kind: 'datum', datum: { type: pointer, address: -1, words: [address] } };
      }
      default:
        throw new EvaluationFailure('receiving would change the run; only values can be looked at');
    }
  }

  #call({ callee, arguments: given }: Expression & { kind: 'call' }): Operand {
    const { values } = this.#inspector;
    const name = callee.kind === 'identifier' ? callee.name : '';
    if (given.length === 1 && (name === 'len' || name === 'cap')) {
      return constant(this.#length(this.of(given[0]), name));
    }
    if (given.length === 1 && /^(u?int(8|16|32|64)?|uintptr|byte|rune)$/.test(name)) {
      return constant(numberOf(values, this.of(given[0]), `what becomes ${name}`));
    }
    throw new EvaluationFailure('calls would change the run; only values can be looked at');
  }

  #length(operand: Operand, name: 'len' | 'cap'): number {
    const { values } = this.#inspector;
    const text = simpleValue(values, operand);
    if (typeof text === 'string' && name === 'len') return new TextEncoder().encode(text).length;
    const datum = this.#datum(operand);
    switch (datum.type.kind) {
      case 'slice':
        return datum.words[name === 'len' ? 1 : 2];
      case 'array':
        return datum.type.length;
      case 'channel': {
        const value = values.channelField(datum.words[0], name === 'len' ? 'count' : 'size');
        return value ?? 0;
      }
      default:
        throw new EvaluationFailure(`a ${datum.type.name} has no ${name}`);
    }
  }

  #assertion(operand: Operand): Operand {
    const datum = this.#datum(operand);
    const dynamic = this.#inspector.values.dynamicValue(datum);
    if (datum.type.kind !== 'interface' || dynamic === null) {
      throw new EvaluationFailure('only an interface that is not nil holds another type');
    }
    return { kind: 'datum', datum: dynamic };
  }

  #datum(operand: Operand): Datum {
    if (operand.kind === 'datum') return operand.datum;
    const text = renderConstant(operand.value);
    throw new EvaluationFailure(`${text} has no fields, elements or address`);
  }
}

function literal(integer: bigint | null, text: string, kind: string): Operand {
  if (kind === 'string') return constant(text);
  if (integer === null) throw new EvaluationFailure('there are no floating-point numbers');
  return constant(Number(integer));
}

/** Go counts the bytes of a string. */
function sliceOfText(text: string, low: number, high: number | null): string {
  const bytes = textBytes(text);
  const end = high ?? bytes.length;
  if (end < 0 || end > bytes.length) {
    throw new EvaluationFailure(`slice bounds out of range [:${end}] with length ${bytes.length}`);
  }
  if (low < 0 || low > end) {
    throw new EvaluationFailure(`slice bounds out of range [${low}:${end}]`);
  }
  return decodeUtf8(bytes.slice(low, end));
}

function checkIndex(index: number, count: number): void {
  if (index >= 0 && index < count) return;
  throw new EvaluationFailure(`index ${index} is out of range: there are ${count}`);
}
