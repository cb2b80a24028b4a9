/** In place of Node's `worker_threads` in web worker hosts, which have workers of their own. */
export const parentPort = null;
export const Worker = null;
