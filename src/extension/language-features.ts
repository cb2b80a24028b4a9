/**
 * What an editor offers for a language, from the plain data of src/editor: the outline, folding,
 * expanding selections, formatting and colours by what names are. Nothing is loaded before VS Code
 * asks for it.
 */
import * as vscode from 'vscode';
import type { FoldingRange } from '../editor/folding.ts';
import type { DocumentSymbol, SymbolKind } from '../editor/symbols.ts';
import type { Span } from '../language/diagnostics.ts';
import { modelScheme } from './model-documents.ts';

const symbolKinds = {
  scenario: 'Event',
  function: 'Function',
  method: 'Method',
  struct: 'Struct',
  interface: 'Interface',
  type: 'Class',
  field: 'Field',
  constant: 'Constant',
  variable: 'Variable',
  condition: 'Boolean',
} as const satisfies Record<SymbolKind, keyof typeof vscode.SymbolKind>;

// A scenario's name has no standard type; themes colour it as they do events.
const tokenTypes =
  'keyword namespace type typeParameter function method parameter property label enumMember event';
const declarationModifier = 'declaration';

/** Registers all of it for .coro files of any file system; models are not formatted. */
export function registerLanguageFeatures(): vscode.Disposable {
  const selector = { language: 'coro' };
  const { languages } = vscode;
  const legend = new vscode.SemanticTokensLegend(tokenTypes.split(' '), [declarationModifier]);
  return vscode.Disposable.from(
    languages.registerDocumentSymbolProvider(selector, { provideDocumentSymbols }),
    languages.registerFoldingRangeProvider(selector, { provideFoldingRanges }),
    languages.registerSelectionRangeProvider(selector, { provideSelectionRanges }),
    languages.registerDocumentFormattingEditProvider(selector, { provideDocumentFormattingEdits }),
    languages.registerDocumentSemanticTokensProvider(
      selector,
      { provideDocumentSemanticTokens: (document) => semanticTokens(document, legend) },
      legend,
    ),
  );
}

async function provideDocumentSymbols(
  document: vscode.TextDocument,
): Promise<vscode.DocumentSymbol[]> {
  const { outlineOf } = await import('./engine.ts');
  return outlineOf(document.getText()).map((symbol) => toSymbol(document, symbol));
}

function toSymbol(document: vscode.TextDocument, symbol: DocumentSymbol): vscode.DocumentSymbol {
  const { name, detail, kind, span, nameSpan, children } = symbol;
  const range = rangeOf(document, span);
  const shown = new vscode.DocumentSymbol(
    name,
    detail,
    vscode.SymbolKind[symbolKinds[kind]],
    range,
    rangeOf(document, nameSpan),
  );
  shown.children = children.map((child) => toSymbol(document, child));
  return shown;
}

async function provideFoldingRanges(document: vscode.TextDocument): Promise<vscode.FoldingRange[]> {
  const { foldsOf } = await import('./engine.ts');
  return foldsOf(document.getText()).map(
    ({ startLine, endLine, kind }) =>
      new vscode.FoldingRange(startLine, endLine, foldingKind(kind)),
  );
}

function foldingKind(kind: FoldingRange['kind']): vscode.FoldingRangeKind | undefined {
  if (kind === 'comment') return vscode.FoldingRangeKind.Comment;
  return kind === 'imports' ? vscode.FoldingRangeKind.Imports : undefined;
}

async function provideSelectionRanges(
  document: vscode.TextDocument,
  positions: readonly vscode.Position[],
): Promise<vscode.SelectionRange[]> {
  const { selectionsOf } = await import('./engine.ts');
  const offsets = positions.map((position) => document.offsetAt(position));
  return selectionsOf(document.getText(), offsets).map((spans) => {
    // The file itself is always around the position, so that there is one at least.
    const [outermost, ...inner] = [...spans].reverse().map((span) => rangeOf(document, span));
    return inner.reduce(
      (parent, range) => new vscode.SelectionRange(range, parent),
      new vscode.SelectionRange(outermost),
    );
  });
}

async function provideDocumentFormattingEdits(
  document: vscode.TextDocument,
): Promise<vscode.TextEdit[]> {
  if (document.uri.scheme === modelScheme) return [];
  const text = document.getText();
  const { formatted } = await import('./engine.ts');
  const result = formatted(text);
  if (result === text) return [];
  return [vscode.TextEdit.replace(rangeOf(document, { start: 0, end: text.length }), result)];
}

async function semanticTokens(
  document: vscode.TextDocument,
  legend: vscode.SemanticTokensLegend,
): Promise<vscode.SemanticTokens> {
  const { classesOf } = await import('./engine.ts');
  const builder = new vscode.SemanticTokensBuilder(legend);
  for (const { span, class: name, declaration } of classesOf(document.getText())) {
    const type = name === 'scenario' ? 'event' : name;
    builder.push(rangeOf(document, span), type, declaration ? [declarationModifier] : []);
  }
  return builder.build();
}

function rangeOf(document: vscode.TextDocument, { start, end }: Span): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}
