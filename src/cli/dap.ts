/** `coroscope dap`: the debug adapter over standard input and output, or over TCP. */
import { createServer } from 'node:net';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { CoroscopeSession, type SessionHost } from '../adapter/session.ts';
import { type Command, EXIT_BAD, EXIT_OK, type Given, UsageError } from './command.ts';
import { readScenario } from './files.ts';
import { leavePlain } from './terminal.ts';

export const dapCommand: Command = {
  name: 'dap',
  usage: '[--port N] [--host ADDRESS]',
  summary: 'Serve the Debug Adapter Protocol, for any editor.',
  details: 'Without --port one session over standard input and output.',
  options: {
    port: { type: 'string', value: 'N', help: 'Listen for clients on this TCP port (0: any).' },
    host: { type: 'string', value: 'ADDRESS', help: 'Listen on this address (127.0.0.1).' },
  },
  run,
};

const host: SessionHost = {
  readText: async (pathOrUri) => {
    const path = pathOrUri.startsWith('file:') ? fileURLToPath(pathOrUri) : pathOrUri;
    return readScenario(path);
  },
};

function run(given: Given): Promise<number> {
  if (given.files.length > 0) throw new UsageError('dap takes no files; a client names them');
  const port = given.count('port', 0);
  if (port === undefined) return serveStreams();
  if (port > 65535) throw new UsageError(`--port takes a number up to 65535, not ${port}`);
  return serveTcp(port, given.text('host') ?? '127.0.0.1');
}

function serveStreams(): Promise<number> {
  return new Promise((resolve) => {
    const session = new CoroscopeSession(host);
    process.stdin.on('end', () => {
      session.dispose();
      resolve(EXIT_OK);
    });
    // The length of a message counts its bytes: they go out as they are.
    leavePlain(process.stdout);
    session.start(process.stdin, process.stdout);
  });
}

/** Serves until the process is told to stop; each client gets a session of its own. */
function serveTcp(port: number, address: string): Promise<number> {
  return new Promise((resolve) => {
    // Many small messages, each waited for: they are not held back to be sent together.
    const server = createServer({ noDelay: true }, (socket) => {
      const session = new CoroscopeSession(host);
      session.setRunAsServer(true);
      socket.on('close', () => session.dispose());
      socket.on('error', () => socket.destroy());
      session.start(socket, socket);
    });
    server.on('error', (error) => {
      process.stderr.write(`coroscope: cannot listen on ${address}:${port}: ${error.message}\n`);
      resolve(EXIT_BAD);
    });
    server.listen(port, address, () => {
      const bound = server.address();
      const actual = typeof bound === 'object' && bound !== null ? bound.port : port;
      process.stdout.write(`listening on ${address}:${actual}\n`);
    });
  });
}
