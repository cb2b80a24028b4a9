/** The adapter on a raw stream: messages in pieces, several at once, and ones that are none. */
import assert from 'node:assert';
import { PassThrough } from 'node:stream';
import { CoroscopeSession } from '../../src/adapter/session.ts';

describe('the stream of messages', () => {
  it('survives what is no message', async () => {
    const wire = new Wire();
    wire.send('Content-Length: 3\r\n\r\n{x}');
    wire.send(frame('null'));
    wire.send(frame('[1]'));
    wire.send(frame('{"type":"request","seq":1}'));
    wire.send(frame('{"type":"event","event":"nonsense"}'));
    wire.send(frame('{"type":"request","seq":2,"command":"threads","arguments":[]}'));
    assert.match(await wire.received('"request_seq":2'), /no scenario has been launched/);
  });

  it('may come in pieces and in heaps', async () => {
    const wire = new Wire();
    const request = frame('{"type":"request","seq":3,"command":"initialize"}');
    for (const byte of request) wire.send(byte);
    wire.send(request.replace(':3', ':4') + request.replace(':3', ':5'));
    await wire.received('"request_seq":3');
    await wire.received('"request_seq":4');
    await wire.received('"request_seq":5');
  });

  const spoiled: Readonly<Record<string, string>> = {
    'junk before the header': 'what is this?',
    'junk with empty lines': '\r\n\r\nGET / HTTP/1.1\r\nHost: localhost\r\n\r\n',
    'a header in lower case': `content-length: 8\r\n\r\n{"a": 1}`,
    'a header in upper case without a space': `CONTENT-LENGTH:8\r\n\r\n{"a": 1}`,
    'a second field before': 'Content-Type: text\r\nContent-Length: 2\r\n\r\n{}',
    'a second field behind': 'Content-Length: 2\r\nContent-Type: text\r\n\r\n{}',
    'lines that end without a carriage return': 'Content-Length: 2\n\n{}',
    'a length that is too short': 'Content-Length: 5\r\n\r\n{"long": "message"}',
    'a length that is too long': 'Content-Length: 5000\r\n\r\n{"a": 1}',
    'a length that reaches into the next header': 'Content-Length: 13\r\n\r\n{"a": 1}',
    'a length of billions': 'Content-Length: 99999999999\r\n\r\n{}',
    'a negative length': 'Content-Length: -1\r\n\r\n{}',
    'a length that is no number': 'Content-Length: many\r\n\r\n{}',
    'no length': 'Content-Type: text\r\n\r\n{}',
    'an empty message': 'Content-Length: 0\r\n\r\n',
    'a message cut in half': 'Content-Length: 9\r\n\r\n{"a": [1,',
    'bytes that are no UTF-8': 'Content-Length: 3\r\n\r\n\x80\xff\xc0',
    'a list nested deeply': frame('['.repeat(100_000)),
    'a request without anything': frame('{"type":"request"}'),
    'a request with fields of other types': frame('{"type":"request","seq":{},"command":[[]]}'),
    'arguments of another type': frame('{"type":"request","seq":9,"command":"next","arguments":7}'),
    'an unknown command': frame('{"type":"request","seq":9,"command":"__proto__"}'),
    'a response to nothing': frame('{"type":"response","request_seq":7,"success":true}'),
    'much junk': 'x'.repeat(1_000_000),
  };
  for (const [what, text] of Object.entries(spoiled)) {
    it(`goes on after ${what}`, async () => {
      const wire = new Wire();
      wire.send(text);
      wire.send(frame('{"type":"request","seq":1001,"command":"initialize"}'));
      await wire.received('"request_seq":1001');
      // The same in one piece with what follows, and byte by byte.
      const next = frame('{"type":"request","seq":1002,"command":"threads"}');
      wire.send(text + next);
      await wire.received('"request_seq":1002');
      for (const byte of text.slice(0, 300) + next.replace(':1002', ':1003')) wire.send(byte);
      await wire.received('"request_seq":1003');
    });
  }

  it('answers what a lower-case header announces', async () => {
    const wire = new Wire();
    wire.send(
      `junk${frame('{"type":"request","seq":6,"command":"threads"}')}`.replace(
        'Content-Length',
        'content-length',
      ),
    );
    await wire.received('"request_seq":6');
  });

  it('takes a large message in a time that grows with its size alone', async () => {
    const timeOf = async (size: number) => {
      const wire = new Wire();
      const padding = 'x'.repeat(size);
      const text = frame(
        `{"type":"request","seq":7,"command":"threads","arguments":{"x":"${padding}"}}`,
      );
      const start = performance.now();
      for (let at = 0; at < text.length; at += 65_536) wire.send(text.slice(at, at + 65_536));
      await wire.received('"request_seq":7');
      return performance.now() - start;
    };
    const small = await timeOf(6_000_000);
    const large = await timeOf(48_000_000);
    // Quadratic would be 64 times as long.
    assert.ok(large < 30 * Math.max(small, 20), `${large} ms against ${small} ms`);
  });
});

function frame(json: string): string {
  return `Content-Length: ${Buffer.byteLength(json)}\r\n\r\n${json}`;
}

/** A session with its two streams. */
class Wire {
  readonly #input = new PassThrough();
  #text = '';
  #arrived: () => void = () => undefined;

  constructor() {
    const output = new PassThrough();
    const session = new CoroscopeSession({ readText: async () => '' });
    session.setRunAsServer(true);
    output.on('data', (data: Buffer) => {
      this.#text += data.toString();
      this.#arrived();
    });
    session.start(this.#input, output);
  }

  send(text: string): void {
    this.#input.write(text, /[^\0-\x7f]/.test(text) ? 'latin1' : 'utf8');
  }

  /** All that was received, once it holds `piece`. */
  async received(piece: string): Promise<string> {
    while (!this.#text.includes(piece)) {
      await new Promise<void>((resolve) => {
        this.#arrived = resolve;
      });
    }
    return this.#text;
  }
}
