/** The state as bytes, for clients that show memory: words in little-endian order. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { HEAP_TOP } from '../language/image.ts';
import { optionalInteger, requireInteger, requireText } from './arguments.ts';
import type { Arguments } from './arguments.ts';
import type { Debuggee } from './debuggee.ts';
import { badArgument, badReference } from './errors.ts';
import type { Handlers } from './requests.ts';

export const memoryRequests = { readMemory } satisfies Handlers;

/** Where word 0 is shown; code is shown elsewhere, see `disassembly.ts`. */
const memoryBase = 0x10000000;
const wordBytes = 4;
/** What one request may ask for. */
const maxBytes = 1 << 20;

/** The reference of a word of the state, as clients give it back. */
export function toMemoryReference(address: number): string {
  return `0x${(memoryBase + address * wordBytes).toString(16)}`;
}

function readMemory(debuggee: Debuggee, args: Arguments): DebugProtocol.ReadMemoryResponse['body'] {
  const reference = requireText(args, 'memoryReference');
  const offset = optionalInteger(args, 'offset', 0);
  const count = requireInteger(args, 'count');
  if (count < 0 || count > maxBytes) throw badArgument('count', `between 0 and ${maxBytes}`);
  const { memory } = debuggee.atRest('readMemory').timeline.machine;
  if (!/^0x[0-9a-f]{1,12}$/i.test(reference)) throw badReference(reference);
  const start = Number(reference) - memoryBase + offset;
  const end = memory[HEAP_TOP] * wordBytes;
  const address = `0x${Math.max(0, memoryBase + start).toString(16)}`;
  if (start < 0 || start >= end) return { address, unreadableBytes: count };
  const readable = Math.min(count, end - start);
  let bytes = '';
  for (let at = start; at < start + readable; at++) {
    const word = memory[Math.floor(at / wordBytes)];
    bytes += String.fromCharCode((word >>> ((at % wordBytes) * 8)) & 0xff);
  }
  return { address, data: btoa(bytes), unreadableBytes: count - readable };
}
