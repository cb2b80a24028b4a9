/** Scenarios as images, and results of searches as text to compare. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { explore } from '../../src/explore/explore.ts';
import {
  DEFAULT_SETTINGS,
  type ExploreResult,
  type ExploreSettings,
} from '../../src/explore/types.ts';
import type { Image } from '../../src/language/image.ts';
import { load } from '../../src/run/load.ts';

/** The image of a scenario of a file under test/scenarios. */
export function scenarioImage(file: string, scenario?: string, runtime?: string): Image {
  const path = `test/scenarios/${file}`;
  return imageOf(readFileSync(path, 'utf8'), scenario, runtime, path);
}

export function imageOf(
  text: string,
  scenario?: string,
  runtime?: string,
  path = 'test.coro',
): Image {
  const { image, diagnostics, problem } = load({ path, text }, { scenario, runtime });
  assert.ok(image, problem ?? diagnostics.map((one) => one.message).join('\n'));
  return image;
}

export function search(image: Image, settings: Partial<ExploreSettings> = {}): ExploreResult {
  return explore(image, { ...DEFAULT_SETTINGS, depthLimit: 50_000, ...settings });
}

/** Kinds and messages of what was found, in a fixed order. */
export function outcomesOf(result: ExploreResult): string[] {
  return result.outcomes.map(({ kind, message }) => `${kind} ${message}`).sort();
}
