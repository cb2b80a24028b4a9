/** The runtime models as read-only documents, `coroscope-model:/go/coro.coro`. */
import * as vscode from 'vscode';

/** The scheme under which VS Code and the debug adapter name the models. */
export const modelScheme = 'coroscope-model';

/** Serves the shipped model sources; a document without a model says so in a comment. */
export function registerModelDocuments(): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(modelScheme, {
    provideTextDocumentContent: async (uri) =>
      (await models()).get(uri.path) ?? `// There is no model ${uri.path} in this version.\n`,
  });
}

/** The paths of all models, for people to pick from. */
export async function modelPaths(): Promise<string[]> {
  return [...(await models()).keys()].sort();
}

/** The document of a model. */
export function modelUri(path: string): vscode.Uri {
  return vscode.Uri.from({ scheme: modelScheme, path });
}

async function models(): Promise<ReadonlyMap<string, string>> {
  const { modelSources } = await import('./engine.ts');
  return modelSources();
}
