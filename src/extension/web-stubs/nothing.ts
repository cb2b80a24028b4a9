/**
 * In place of `net`, `fs` and `path` in web worker hosts: the DAP library names them for what an
 * inline adapter never does (sockets, log files).
 */
export {};
