/** Conditions, hit counts and log messages are checked when a breakpoint is set. */
import assert from 'node:assert';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { Client, lineOf } from './client.ts';

const path = 'a.coro';
const text = `var total = 0

scenario Count {
	v := 0
	for i := 0; i < 4; i++ {
		v = v + i
		total = v
	}
	println(v)
}
`;

type Body = DebugProtocol.SetBreakpointsResponse['body'];
type Texts = Partial<DebugProtocol.SourceBreakpoint>;

const refused: readonly (readonly [Texts, RegExp])[] = [
  [{ condition: 'v ==' }, /^the condition "v ==" has no value: /],
  [{ condition: 'v = 1' }, /^the condition "v = 1" has no value: /],
  [{ condition: '== 1' }, /has no value: /],
  [{ condition: '(v' }, /has no value: /],
  [{ condition: 'v > 1)' }, /has no value: /],
  [{ condition: 'v v' }, /has no value: /],
  [{ condition: '"v' }, /has no value: /],
  [{ condition: 'nosuch > 1' }, /there is no nosuch here$/],
  [{ condition: 'v > 1 && other' }, /there is no other here$/],
  [{ condition: '!gone' }, /there is no gone here$/],
  [{ condition: 'gone.field == 1' }, /there is no gone here$/],
  [{ condition: '(gone)[0] == 1' }, /there is no gone here$/],
  [{ hitCondition: 'abc' }, /^"abc" is no hit count: write 5, >= 5/],
  [{ hitCondition: '-1' }, /no hit count/],
  [{ hitCondition: '>=' }, /no hit count/],
  [{ hitCondition: '3 4' }, /no hit count/],
  [{ hitCondition: '1.5' }, /no hit count/],
  [{ hitCondition: '% 0' }, /no hit count/],
  [{ hitCondition: 'v > 3' }, /no hit count/],
  [{ logMessage: '{v' }, /^a brace of the log message is not closed/],
  [{ logMessage: 'v}' }, /^a brace of the log message is not opened/],
  [{ logMessage: '{' }, /not closed/],
  [{ logMessage: '{}' }, /nothing to evaluate/],
  [{ logMessage: '{v ==}' }, /^\{v ==\} in the log message has no value/],
  [{ logMessage: 'is {nosuch}' }, /there is no nosuch here$/],
  [{ logMessage: '{v} and {v' }, /not closed/],
];

const accepted: readonly Texts[] = [
  { condition: 'v == 1' },
  { condition: 'total > 1 && i < 3' },
  { condition: 'G1.goid == 1' },
  { condition: 'runtime.sched.nmidle >= 0' },
  { condition: 'nil == nil' },
  { condition: '' },
  { hitCondition: '3' },
  { hitCondition: ' >= 2 ' },
  { hitCondition: '% 2' },
  { hitCondition: '== 2' },
  { logMessage: 'nothing' },
  { logMessage: '{v} of {{braces}}' },
];

describe('what a breakpoint says', () => {
  async function launched(): Promise<Client> {
    const client = new Client();
    client.texts.set(path, text);
    await client.launch({ program: path, stopOnEntry: true });
    return client;
  }
  const line = lineOf(text, 'total = v');

  it('is refused with the reason when it has no value', async () => {
    const client = await launched();
    for (const [texts, reason] of refused) {
      const breakpoints = [{ line, ...texts }, { line }];
      const { breakpoints: placed } = await client.ask<Body>('setBreakpoints', {
        source: { path },
        breakpoints,
      });
      assert.equal(placed[0].verified, false, JSON.stringify(texts));
      assert.match(String(placed[0].message), reason, JSON.stringify(texts));
      assert.equal(placed[0].line, line);
      assert.equal(placed[1].verified, true);
    }
  });

  it('is accepted when it has one', async () => {
    const client = await launched();
    for (const texts of accepted) {
      const breakpoints = [{ line, ...texts }];
      const answer = await client.ask<Body>('setBreakpoints', { source: { path }, breakpoints });
      assert.deepEqual(answer.breakpoints[0].message, undefined, JSON.stringify(texts));
      assert.equal(answer.breakpoints[0].verified, true, JSON.stringify(texts));
    }
  });

  it('is checked at functions, instructions and values, too', async () => {
    const client = await launched();
    const named = [{ name: 'main.Count', condition: 'x ==' }];
    const functions = await client.ask<Body>('setFunctionBreakpoints', { breakpoints: named });
    assert.equal(functions.breakpoints[0].verified, false);
    const [{ instructionPointerReference }] = await client.frames();
    const placed = [{ instructionReference: instructionPointerReference, hitCondition: 'often' }];
    const instructions = await client.ask<Body>('setInstructionBreakpoints', {
      breakpoints: placed,
    });
    assert.match(String(instructions.breakpoints[0].message), /no hit count/);
    const { dataId } = await client.ask('dataBreakpointInfo', { name: 'total' });
    const data = [{ dataId, condition: 'total >' }, { dataId, hitCondition: 'x' }, { dataId }];
    const watched = await client.ask<Body>('setDataBreakpoints', { breakpoints: data });
    assert.deepEqual(
      watched.breakpoints.map(({ verified }) => verified),
      [false, false, true],
    );
  });

  it('is checked when the scenario is loaded, if it was set before', async () => {
    const client = new Client();
    client.texts.set(path, text);
    await client.ask('initialize');
    const breakpoints = [{ line, condition: 'nosuch' }];
    await client.ask('setBreakpoints', { source: { path }, breakpoints });
    await client.ask('launch', { program: path });
    const changed = await client.event('breakpoint');
    assert.match(changed.body.breakpoint.message, /there is no nosuch here/);
  });

  it('of a value stops where it has none, and says why', async () => {
    const client = await launched();
    const { dataId } = await client.ask('dataBreakpointInfo', { name: 'total' });
    await client.ask('setDataBreakpoints', { breakpoints: [{ dataId, condition: 'nosuch > 1' }] });
    const stop = await client.move('continue');
    assert.match(`${stop.body.description} ${stop.body.text}`, /there is no nosuch here/);
  });
});
