/**
 * Reading texts without Node: through the editor where a file is open (what the reader sees is what
 * runs), else through VS Code's file systems, which also reach virtual workspaces.
 */
import * as vscode from 'vscode';
import { decodeSource } from '../language/source-text.ts';

/** A URI for what a debug configuration or a DAP source calls a path: a path or a URI's text. */
export function uriOf(pathOrUri: string): vscode.Uri {
  // A scheme has two letters at least: `c:\x.coro` is a path.
  return /^[a-z][a-z0-9+.-]+:/i.test(pathOrUri)
    ? vscode.Uri.parse(pathOrUri, true)
    : vscode.Uri.file(pathOrUri);
}

/** The reverse of `uriOf`: a plain path for files of this machine, else the URI's text. */
export function pathOf(uri: vscode.Uri): string {
  return uri.scheme === 'file' ? uri.fsPath : uri.toString();
}

/** The text of a file, unsaved changes included. Rejects when it cannot be read. */
export async function readText(pathOrUri: string): Promise<string> {
  const uri = uriOf(pathOrUri);
  const key = uri.toString();
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === key);
  if (open !== undefined) return open.getText();
  return decodeSource(await vscode.workspace.fs.readFile(uri));
}
