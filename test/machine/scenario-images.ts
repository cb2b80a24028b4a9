/** Images of the repository's scenarios, for tests that want real code. */
import { readdirSync, readFileSync } from 'node:fs';
import type { Image } from '../../src/language/image.ts';
import { load } from '../../src/run/load.ts';

/** The first scenarios of each file, each on its own profile. */
export function scenarioImages(scenariosOfFile: number): [name: string, image: Image][] {
  const found: [string, Image][] = [];
  for (const folder of ['test/scenarios/go', 'test/scenarios/zig', 'test/scenarios/threads']) {
    for (const file of readdirSync(folder).filter((one) => one.endsWith('.coro'))) {
      const path = `${folder}/${file}`;
      const text = readFileSync(path, 'utf8');
      for (const { name } of load({ path, text }, {}).scenarios.slice(0, scenariosOfFile)) {
        const { image } = load({ path, text }, { scenario: name });
        if (image !== null) found.push([`${path} ${name}`, image]);
      }
    }
  }
  return found;
}
