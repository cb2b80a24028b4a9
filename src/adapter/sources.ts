/** Files of the program as DAP sources, and their texts for clients that cannot open them. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Image } from '../language/image.ts';
import { asRecord, optionalInteger, optionalText } from './arguments.ts';
import type { Arguments } from './arguments.ts';
import type { Debuggee } from './debuggee.ts';
import { badArgument, unknownSource } from './errors.ts';
import type { Handlers } from './requests.ts';

export const sourceRequests = { source, loadedSources } satisfies Handlers;

function source(debuggee: Debuggee, args: Arguments): DebugProtocol.SourceResponse['body'] {
  const { image } = debuggee.launched('source');
  const wanted = { sourceReference: args.sourceReference, ...asRecord(args.source) };
  const file = fileOfSource(image, wanted);
  if (file < 0) throw unknownSource(describe(wanted));
  return { content: image.files[file].text, mimeType: 'text/x-coro' };
}

function loadedSources(debuggee: Debuggee): DebugProtocol.LoadedSourcesResponse['body'] {
  const { image } = debuggee.launched('loadedSources');
  return { sources: image.files.map((_, file) => sourceOf(debuggee, image, file)) };
}

/** A file of the image as the client sees it. `aside`: the client should not lead people there. */
export function sourceOf(
  debuggee: Debuggee,
  image: Image,
  file: number,
  aside = false,
): DebugProtocol.Source {
  const { path, isModel } = image.files[file];
  const name = path.split(/[/\\]/).pop() || path;
  if (!isModel) return { name, path: toClientPath(debuggee, path) };
  return {
    name,
    path,
    origin: `runtime model ${image.profile}`,
    ...(debuggee.host.opensModels === true ? {} : { sourceReference: file + 1 }),
    ...(aside ? { presentationHint: 'deemphasize' } : {}),
  };
}

/** The number of the image's file that a client's source means, or -1. */
export function fileOfSource(image: Image, wanted: Arguments): number {
  const key = sourceKey(wanted);
  if (typeof key === 'number') return key <= image.files.length ? key - 1 : -1;
  return image.files.findIndex((file) => pathKey(file.path) === key);
}

/** What tells a client's source from others: a reference, or a path in one spelling. */
export function sourceKey(wanted: Arguments): number | string {
  const reference = optionalInteger(wanted, 'sourceReference', 0);
  if (reference > 0) return reference;
  const path = optionalText(wanted, 'path');
  if (path === undefined) throw badArgument('source', 'a source with a path or a reference');
  return pathKey(path);
}

/**
 * A form of a path or URI in which two spellings of the same file agree: `file:` URIs are paths,
 * separators are slashes, drive letters are lower case.
 */
export function pathKey(pathOrUri: string): string {
  let path = pathOrUri;
  if (/^file:/i.test(path)) {
    path = path.replace(/^file:(?:\/\/[^/]*)?/i, '');
    try {
      path = decodeURIComponent(path);
    } catch {
      // A stray % is part of the name.
    }
    path = path.replace(/^\/(?=[A-Za-z]:)/, '');
  }
  path = path.replaceAll('\\', '/');
  return path.replace(/^[A-Za-z]:/, (drive) => drive.toLowerCase());
}

function toClientPath(debuggee: Debuggee, path: string): string {
  if (!debuggee.client.pathsAreUris || /^[a-z][\w+.-]+:/i.test(path)) return path;
  const absolute = path.startsWith('/') ? path : `/${path.replaceAll('\\', '/')}`;
  return `file://${encodeURI(absolute).replace(/[?#]/g, encodeURIComponent)}`;
}

function describe(wanted: Arguments): string {
  return String(wanted.path ?? wanted.sourceReference);
}
