/** Starting debug sessions: configurations made or completed, and the adapter in this host. */
import * as vscode from 'vscode';
import { pathOf, readText, uriOf } from './documents.ts';
import { findScenarios, scenarioAt } from './scenarios.ts';

const type = 'coroscope';

/** Registers what VS Code asks of a debugger: the same inline adapter on every kind of host. */
export function registerDebugger(): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.debug.registerDebugConfigurationProvider(type, {
      resolveDebugConfiguration,
      resolveDebugConfigurationWithSubstitutedVariables,
    }),
    vscode.debug.registerDebugConfigurationProvider(
      type,
      { provideDebugConfigurations },
      vscode.DebugConfigurationProviderTriggerKind.Dynamic,
    ),
    vscode.debug.registerDebugAdapterDescriptorFactory(type, {
      createDebugAdapterDescriptor,
    }),
  );
}

async function createDebugAdapterDescriptor(): Promise<vscode.DebugAdapterDescriptor> {
  const { createAdapter } = await import('./engine.ts');
  const adapter = createAdapter({ readText, opensModels: true });
  return new vscode.DebugAdapterInlineImplementation(adapter);
}

/** F5 without a launch.json gives an empty configuration: debug the file in the editor. */
function resolveDebugConfiguration(
  _folder: vscode.WorkspaceFolder | undefined,
  configuration: vscode.DebugConfiguration,
): vscode.ProviderResult<vscode.DebugConfiguration> {
  const document = vscode.window.activeTextEditor?.document;
  const isEmpty = !configuration.type && !configuration.request && !configuration.name;
  if (isEmpty) {
    if (document?.languageId !== 'coro') return undefined;
    return launchOf(document, scenarioUnderCursor(document));
  }
  if (configuration.program) return configuration;
  return { ...configuration, program: document === undefined ? '${file}' : pathOf(document.uri) };
}

/**
 * In a web worker host `${file}` becomes a bare path that would mean this machine's disk; the
 * workspace folder knows which file system is meant.
 */
function resolveDebugConfigurationWithSubstitutedVariables(
  folder: vscode.WorkspaceFolder | undefined,
  configuration: vscode.DebugConfiguration,
): vscode.DebugConfiguration {
  const home = folder ?? vscode.workspace.workspaceFolders?.[0];
  const program: unknown = configuration.program;
  if (home === undefined || home.uri.scheme === 'file' || typeof program !== 'string') {
    return configuration;
  }
  if (uriOf(program).scheme !== 'file') return configuration;
  return { ...configuration, program: home.uri.with({ path: program }).toString() };
}

/** One ready configuration for each scenario of the file in the editor. */
function provideDebugConfigurations(): vscode.DebugConfiguration[] {
  const document = vscode.window.activeTextEditor?.document;
  if (document?.languageId !== 'coro') return [];
  return findScenarios(document.getText()).map(({ name }) => launchOf(document, name));
}

function launchOf(
  document: vscode.TextDocument,
  scenario: string | undefined,
): vscode.DebugConfiguration {
  const fileName = document.uri.path.split('/').pop() ?? '';
  const name = scenario === undefined ? fileName : `${scenario} (${fileName})`;
  return { type, request: 'launch', name, program: pathOf(document.uri), scenario };
}

function scenarioUnderCursor(document: vscode.TextDocument): string | undefined {
  const cursor = vscode.window.activeTextEditor?.selection.active;
  return cursor && scenarioAt(document.getText(), document.offsetAt(cursor));
}
