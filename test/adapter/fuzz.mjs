// Random requests, more than in `npm test`: npm run test:adapter -- --requests 10000 --seed 1
import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: { requests: { type: 'string', default: '10000' }, seed: { type: 'string' } },
});
const env = { ...process.env, REQUESTS: values.requests };
if (values.seed !== undefined) env.SEED = values.seed;
const args = ['test/run.mjs', 'test/adapter/requests.fuzz.test.ts', '--reporter', 'spec'];
process.exit(spawnSync(process.execPath, args, { stdio: 'inherit', env }).status ?? 1);
