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
    this.#input.write(text);
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
