/** In place of Node's `url` in web worker hosts: the DAP library needs only the URL class. */
const { URL } = globalThis;
export { URL };
