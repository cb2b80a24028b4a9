/**
 * Where the scenarios of a text are, found by their headers alone. Deliberately not the parser: the
 * Run and Debug links must stay in place while the rest of the file is being typed.
 */

/** A scenario in a text; offsets are UTF-16 units, `end` is where the next declaration begins. */
export interface ScenarioPlace {
  readonly name: string;
  readonly nameStart: number;
  readonly start: number;
  readonly end: number;
}

/** The scenarios in the order of the file. A pasted Go program's `main` is the scenario `main`. */
export function findScenarios(text: string): ScenarioPlace[] {
  const found: ScenarioPlace[] = [];
  const scenario = String.raw`scenario[ \t]+([\p{L}_][\p{L}\p{N}_]*)`;
  const main = String.raw`func[ \t]+(main)[ \t]*\(`;
  const other = String.raw`(?:func|type|var|const)\b`;
  const declarations = new RegExp(`^(?:${scenario}|${main}|${other})`, 'gmu');
  let open: Omit<ScenarioPlace, 'end'> | null = null;
  for (const match of text.matchAll(declarations)) {
    if (open !== null) found.push({ ...open, end: match.index });
    const name = match[1] ?? match[2];
    open =
      name === undefined
        ? null
        : { name, nameStart: match.index + match[0].indexOf(name), start: match.index };
  }
  if (open !== null) found.push({ ...open, end: text.length });
  return found;
}

/** The name of the scenario that `offset` stands in; undefined outside of any. */
export function scenarioAt(text: string, offset: number): string | undefined {
  return findScenarios(text).find((place) => offset >= place.start && offset < place.end)?.name;
}
