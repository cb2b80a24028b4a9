/** What a value unfolds to: its children, each with an expression that gives it again. */
import type { Datum, Value, Values } from './values.ts';

/** Fields, elements, or what a pointer points to; `path` is an expression for the value. */
export function childrenOf(
  values: Values,
  datum: Datum,
  path: string | null,
  start: number,
  count: number,
): Value[] {
  const { type, words } = datum;
  const inside = path === null ? null : wrapOperand(path);
  switch (type.kind) {
    case 'interface': {
      const dynamic = values.dynamicValue(datum);
      if (dynamic === null) return [];
      const asserted = inside === null ? null : `${inside}.(${dynamic.type.name})`;
      return childrenOf(values, dynamic, asserted, start, count);
    }
    case 'pointer': {
      const target = values.typeOf(type.element);
      if (words[0] === 0 || target === null) return [];
      const pointee = values.at(words[0], type.element);
      if (target.kind === 'struct') return childrenOf(values, pointee, path, start, count);
      return [values.present('*', pointee, inside === null ? null : `*${inside}`)];
    }
    case 'channel': {
      const hchan = values.model?.hchanType ?? 0;
      if (words[0] === 0 || hchan === 0) return [];
      return childrenOf(values, values.at(words[0], hchan), null, start, count);
    }
    case 'struct':
      return type.fields.slice(start, start + count).map((field) => {
        const part = values.part(datum, field.type, field.offset);
        return values.present(field.name, part, inside === null ? null : `${inside}.${field.name}`);
      });
    default:
      return elementsOf(values, datum, inside, start, count);
  }
}

function elementsOf(
  values: Values,
  datum: Datum,
  inside: string | null,
  start: number,
  count: number,
): Value[] {
  const elements = values.elementsOf(datum);
  const found: Value[] = [];
  if (elements === null) return found;
  const end = Math.min(elements.count, start + count);
  for (let index = start; index < end; index++) {
    const offset = index * elements.type.words;
    const part =
      elements.address < 0
        ? values.part(datum, elements.type.id, offset)
        : values.at(elements.address + offset, elements.type.id);
    const name = `[${index}]`;
    found.push(values.present(name, part, inside === null ? null : `${inside}${name}`));
  }
  return found;
}

/** An operand that a selector or index can follow. */
function wrapOperand(path: string): string {
  return path.startsWith('*') ? `(${path})` : path;
}
