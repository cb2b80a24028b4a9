/**
 * Workers of whatever host this is: threads of Node, or web workers. They run the very bundle that
 * this is in, whose text is given: so there is no other file to ship, or to find.
 */
import { type Channel, startThread, threadChannel } from '../cli/threads.ts';

export type { Channel } from '../cli/threads.ts';

/** What there is of a browser in a web worker. */
interface WebScope {
  readonly Worker?: new (url: string) => WebWorker;
  readonly postMessage?: (message: unknown) => void;
  onmessage?: (event: { readonly data: unknown }) => void;
}

interface WebWorker {
  onmessage: (event: { readonly data: unknown }) => void;
  onerror: (event: { readonly message?: string }) => void;
  postMessage(message: unknown): void;
  terminate(): void;
}

const web = globalThis as unknown as WebScope;

/** Settled by the build: `process.platform` is "browser" in the bundle for web worker hosts. */
const isWeb = process.platform === ('browser' as string);

/** The name of the bundle that this is in. */
export const bundleName = isWeb ? 'web.js' : 'extension.js';

/**
 * The text of a worker that loads a bundle as a host does, but without VS Code, and lets it serve.
 * The bundle's last line may be a comment.
 */
export function workerText(bundle: string): string {
  return `(() => {
const bundle = { exports: {} };
const named = (name) => (name === 'vscode' ? {} : require(name));
((module, exports, require) => {${bundle}
})(bundle, bundle.exports, named);
bundle.exports.serveSearches();
})();
`;
}

/** Starts a worker. Where that is not allowed it throws, or its channel fails. */
export function startWorker(text: string): Channel {
  if (!isWeb) return startThread(text);
  if (web.Worker === undefined) throw new Error('this host has no workers');
  const url = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
  const worker = new web.Worker(url);
  return {
    post: (message) => worker.postMessage(message),
    listen(onMessage, onFailure) {
      worker.onmessage = ({ data }) => onMessage(data);
      worker.onerror = ({ message }) =>
        onFailure(new Error(`internal error: a worker has failed: ${message ?? 'not loaded'}`));
    },
    end() {
      worker.terminate();
      URL.revokeObjectURL(url);
    },
  };
}

/** In a worker: the line to who started it. */
export function ownChannel(): Channel {
  return (
    threadChannel() ?? {
      post: (message) => web.postMessage?.(message),
      listen(onMessage) {
        web.onmessage = ({ data }) => onMessage(data);
      },
      end: () => undefined,
    }
  );
}
