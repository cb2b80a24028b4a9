/** The first request: what this adapter can do, and what the client said about itself. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { optionalFlag, optionalText } from './arguments.ts';
import type { Arguments } from './arguments.ts';
import type { Debuggee } from './debuggee.ts';
import { announcedFilters, defaultFilters } from './exceptions.ts';
import type { Handlers } from './requests.ts';

export const initializeRequests = { initialize } satisfies Handlers;

function initialize(debuggee: Debuggee, args: Arguments): DebugProtocol.Capabilities {
  debuggee.client = {
    lineBase: optionalFlag(args, 'linesStartAt1', true) ? 1 : 0,
    columnBase: optionalFlag(args, 'columnsStartAt1', true) ? 1 : 0,
    pathsAreUris: optionalText(args, 'pathFormat') === 'uri',
    supportsProgress: optionalFlag(args, 'supportsProgressReporting', false),
    supportsInvalidated: optionalFlag(args, 'supportsInvalidatedEvent', false),
  };
  debuggee.outcomeFilters = defaultFilters();
  return {
    supportsConfigurationDoneRequest: true,
    supportsFunctionBreakpoints: true,
    supportsConditionalBreakpoints: true,
    supportsHitConditionalBreakpoints: true,
    supportsLogPoints: true,
    supportsDataBreakpoints: true,
    supportsInstructionBreakpoints: true,
    supportsBreakpointLocationsRequest: true,
    exceptionBreakpointFilters: announcedFilters(),
    supportsExceptionFilterOptions: true,
    supportsExceptionInfoRequest: true,
    supportsStepBack: true,
    supportsStepInTargetsRequest: true,
    supportsGotoTargetsRequest: true,
    supportsRestartFrame: true,
    supportsRestartRequest: true,
    supportsSteppingGranularity: true,
    supportsSingleThreadExecutionRequests: true,
    supportsEvaluateForHovers: true,
    supportsClipboardContext: true,
    supportsSetVariable: true,
    supportsSetExpression: true,
    supportsCompletionsRequest: true,
    completionTriggerCharacters: ['.'],
    supportsDisassembleRequest: true,
    supportsReadMemoryRequest: true,
    supportsLoadedSourcesRequest: true,
    supportsDelayedStackTraceLoading: true,
    supportsTerminateRequest: true,
    supportTerminateDebuggee: true,
    supportsCancelRequest: true,
  };
}
