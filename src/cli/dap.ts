/** `coroscope dap`: the debug adapter over standard input and output, or on a TCP port. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { CoroscopeSession } from '../adapter/session.ts';
import type { SessionHost } from '../adapter/session.ts';

const host: SessionHost = {
  readText: (pathOrUri) => {
    const path = /^file:/i.test(pathOrUri) ? fileURLToPath(pathOrUri) : pathOrUri;
    return readFile(path, 'utf8');
  },
};

/**
 * Serves one session over standard input and output; with a port, one for each connection to it on
 * this machine, until the process is killed. Port 0 is any free one; the line on standard output
 * names it. Resolves when serving has begun; rejects when the port cannot be had.
 */
export async function serveDebugAdapter(port: number | null): Promise<void> {
  if (port === null) {
    new CoroscopeSession(host).start(process.stdin, process.stdout);
    return;
  }
  const server = createServer((socket) => {
    const session = new CoroscopeSession(host);
    session.setRunAsServer(true);
    socket.on('close', () => session.dispose());
    // A client that vanishes is no failure of the server.
    socket.on('error', () => session.dispose());
    session.start(socket, socket);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const { port: actual } = server.address() as AddressInfo;
  process.stdout.write(`Debug adapter listening at 127.0.0.1:${actual}\n`);
}
