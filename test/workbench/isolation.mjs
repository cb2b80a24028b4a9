// A server in front of another that adds the headers with which a browser gives pages shared memory
// (cross-origin isolation). code-server leaves them to whoever stands before it, as this does.
import http from 'node:http';
import net from 'node:net';

const isolating = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'cross-origin',
};

/** Passes everything on to the server at `url`. Gives where it listens itself, and how it is ended. */
export async function isolate(url) {
  const { hostname, port } = new URL(url);
  const proxy = http.createServer((request, response) => {
    const { method, headers, url: path } = request;
    const onward = http.request({ host: hostname, port, path, method, headers }, (answer) => {
      response.writeHead(answer.statusCode, { ...answer.headers, ...isolating });
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  proxy.on('upgrade', (request, socket, head) => passOn(request, socket, head, hostname, port));
  await new Promise((resolve) => {
    proxy.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${proxy.address().port}`,
    end() {
      proxy.closeAllConnections();
      proxy.close();
    },
  };
}

/** A web socket: the request as it came, and then all bytes both ways. */
function passOn({ method, url, headers }, socket, head, hostname, port) {
  const onward = net.connect(port, hostname, () => {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    onward.write([`${method} ${url} HTTP/1.1`, ...lines, '', ''].join('\r\n'));
    onward.write(head);
    socket.pipe(onward).pipe(socket);
  });
  onward.on('error', () => socket.destroy());
  socket.on('error', () => onward.destroy());
}
