import process from 'node:process';

/**
 * Where random tests begin without SEED: anywhere, but in CI always at the same place, so that a
 * change does not fail for what it has not touched.
 */
export function freshSeed(): number {
  return process.env.CI ? 20_261_121 : Date.now() % 1_000_000;
}
