/**
 * Classes of names for colouring, as far as the syntax tells them.
 *
 * A TextMate grammar sees keywords, strings and numbers; this adds what needs the tree: which names
 * are functions, types, parameters, fields, packages, labels, and where they are declared. Names
 * are resolved inside one file by plain scoping of declarations, parameters and `:=`.
 */
import type {
  Expression,
  FileNode,
  FunctionTypeNode,
  Identifier,
  Node,
  Parameter,
  Statement,
  TypeNode,
} from '../language/ast.ts';
import type { Span } from '../language/diagnostics.ts';
import { childrenOf } from '../language/tree.ts';

export type TokenClass =
  | 'keyword'
  | 'namespace'
  | 'type'
  | 'typeParameter'
  | 'function'
  | 'method'
  | 'parameter'
  | 'property'
  | 'label'
  | 'enumMember'
  | 'scenario';

export interface ClassifiedToken {
  readonly span: Span;
  readonly class: TokenClass;
  readonly declaration: boolean;
}

/** The names of a file whose class the tree tells, in the order of the text, none overlapping. */
export function classifyTokens(file: FileNode): ClassifiedToken[] {
  const classifier = new Classifier();
  classifier.file(file);
  const tokens = [...classifier.tokens.values()];
  return tokens.sort((a, b) => a.span.start - b.span.start);
}

/** Packages that need no import. */
const KNOWN_PACKAGES = ['atomic', 'cgo', 'fmt', 'iter', 'machine', 'runtime', 'sync', 'zig'];

type AnyNode = Statement | Expression | TypeNode | FileNode['declarations'][number];
type NodeOf<K> = Extract<AnyNode, { kind: K }>;

class Classifier {
  readonly tokens = new Map<number, ClassifiedToken>();
  private readonly globals = new Map<string, TokenClass>(
    KNOWN_PACKAGES.map((name) => [name, 'namespace']),
  );
  /** Names of the function at hand; null for plain variables, which have no class. */
  private locals = new Map<string, TokenClass | null>();
  private readonly visited = new Set<Node>();

  file(file: FileNode): void {
    for (const { alias, path } of file.imports) {
      this.globals.set(alias?.name ?? path.slice(path.lastIndexOf('/') + 1), 'namespace');
      if (alias !== null) this.add(alias, 'namespace', true);
    }
    for (const declaration of file.declarations) this.declare(declaration);
    if (file.packageName !== null) this.add(file.packageName, 'namespace', true);
    if (file.runtime !== null) this.keyword(file.runtime.span.start, 'runtime');
    for (const declaration of file.declarations) {
      this.locals = new Map();
      this.visit(declaration);
    }
  }

  private declare(declaration: FileNode['declarations'][number]): void {
    if (declaration.kind === 'function' && declaration.receiver === null) {
      this.globals.set(declaration.name.name, 'function');
    } else if (declaration.kind === 'type') {
      this.globals.set(declaration.name.name, 'type');
    } else if (declaration.kind === 'constant') {
      for (const { name } of declaration.names) this.globals.set(name, 'enumMember');
    }
  }

  private visit(node: Node): void {
    if (this.visited.has(node)) return;
    this.visited.add(node);
    if ('kind' in node && this.special(node as AnyNode)) return;
    for (const child of childrenOf(node)) this.visit(child);
  }

  private visitAll(nodes: readonly (Node | null)[]): void {
    for (const node of nodes) if (node !== null) this.visit(node);
  }

  /** Deals with nodes whose names have a class; true when the children are done too. */
  private special(node: AnyNode): boolean {
    switch (node.kind) {
      case 'function':
        return this.functionDeclaration(node);
      case 'scenario':
        this.scenario(node);
        return false;
      case 'condition':
        this.keyword(node.span.start, node.condition);
        return false;
      case 'atomic':
        this.keyword(node.span.start, 'atomic');
        return false;
      case 'type':
        this.add(node.name, 'type', true);
        return this.withTypeParameters(node.typeParameters, [node.type]);
      case 'constant':
        for (const name of node.names) this.add(name, 'enumMember', true);
        this.visitAll(childrenOf(node).filter((child) => !isName(node.names, child)));
        return true;
      case 'function-literal':
        return this.inScope(() => {
          this.signature(node.signature);
          this.visit(node.body);
        });
      case 'function-type':
        return this.inScope(() => this.signature(node));
      case 'struct-type':
        for (const field of node.fields)
          if (!field.embedded) this.add(field.name, 'property', true);
        this.visitAll(node.fields.map((field) => field.type));
        return true;
      case 'interface-type':
        for (const { name } of node.methods) this.add(name, 'method', true);
        return false;
      case 'block':
        return this.inScope(() => this.visitAll(node.statements));
      case 'range':
        this.visit(node.object);
        return this.inScope(() => {
          const names = [node.key, node.value];
          for (const name of names) {
            if (node.define && name?.kind === 'identifier') this.locals.set(name.name, null);
          }
          this.visitAll([...names, node.body]);
        });
      case 'labeled':
        this.add(node.label, 'label', true);
        this.visit(node.statement);
        return true;
      case 'branch':
        if (node.label !== null) this.add(node.label, 'label', false);
        return true;
      default:
        return this.reference(node);
    }
  }

  /** Names that are used. */
  private reference(node: AnyNode): boolean {
    switch (node.kind) {
      case 'named-type':
        if (node.packageName !== null) this.add(node.packageName, 'namespace', false);
        this.add(node.name, this.classOf(node.name.name) ?? 'type', false);
        this.visitAll(node.typeArguments);
        return true;
      case 'call':
        this.call(node);
        return true;
      case 'selector':
        this.visit(node.object);
        this.add(node.name, this.isPackage(node.object) ? 'function' : 'property', false);
        return true;
      case 'composite':
        for (const { key, value } of node.elements) {
          if (key?.kind === 'identifier') this.add(key, this.keyClass(node, key), false);
          else if (key !== null) this.visit(key);
          this.visit(value);
        }
        if (node.type !== null) this.visit(node.type);
        return true;
      case 'define':
        this.visitAll(node.values);
        for (const { name } of node.names) this.locals.set(name, null);
        return true;
      case 'variable':
        this.visitAll([node.type, ...node.values]);
        for (const { name } of node.names) this.locals.set(name, null);
        return true;
      case 'identifier': {
        const known = this.classOf(node.name);
        if (known !== undefined) this.add(node, known, false);
        return true;
      }
      default:
        return false;
    }
  }

  private keyClass(node: NodeOf<'composite'>, key: Identifier): TokenClass {
    const indexed = node.type?.kind === 'map-type' || node.type?.kind === 'array-type';
    return indexed ? (this.classOf(key.name) ?? 'property') : 'property';
  }

  private call({ callee, arguments: args }: NodeOf<'call'>): void {
    if (callee.kind === 'identifier') {
      this.add(callee, this.classOf(callee.name) ?? 'function', false);
    } else if (callee.kind === 'selector') {
      this.visit(callee.object);
      this.add(callee.name, this.isPackage(callee.object) ? 'function' : 'method', false);
    } else {
      this.visit(callee);
    }
    this.visitAll(args);
  }

  private isPackage(object: Expression): boolean {
    return object.kind === 'identifier' && this.classOf(object.name) === 'namespace';
  }

  private functionDeclaration(node: NodeOf<'function'>): boolean {
    const { name, receiver, typeParameters, signature, body } = node;
    this.add(name, receiver === null ? 'function' : 'method', true);
    return this.withTypeParameters(typeParameters, [], () => {
      if (receiver !== null) this.parameter(receiver);
      this.signature(signature);
      if (body !== null) this.visit(body);
    });
  }

  private scenario({ name, options, expectations, span }: NodeOf<'scenario'>): void {
    this.keyword(span.start, 'scenario');
    this.add(name, 'scenario', true);
    for (const clause of options) this.keyword(clause.span.start, 'with');
    for (const expectation of expectations) {
      const word = expectation.profile === null ? 'expect' : 'on';
      this.keyword(expectation.span.start, word);
    }
  }

  private withTypeParameters(
    typeParameters: NodeOf<'function'>['typeParameters'],
    types: readonly TypeNode[],
    body: () => void = () => undefined,
  ): boolean {
    return this.inScope(() => {
      for (const { name, constraint } of typeParameters) {
        this.locals.set(name.name, 'typeParameter');
        this.add(name, 'typeParameter', true);
        this.visit(constraint);
      }
      this.visitAll(types);
      body();
    });
  }

  private signature({ parameters, results }: FunctionTypeNode): void {
    for (const parameter of [...parameters, ...results]) this.parameter(parameter);
  }

  private parameter({ name, type }: Parameter): void {
    this.visit(type);
    if (name === null) return;
    this.locals.set(name.name, 'parameter');
    this.add(name, 'parameter', true);
  }

  private inScope(body: () => void): true {
    const outer = this.locals;
    this.locals = new Map(outer);
    body();
    this.locals = outer;
    return true;
  }

  private classOf(name: string): TokenClass | undefined {
    const local = this.locals.get(name);
    return local === undefined ? this.globals.get(name) : (local ?? undefined);
  }

  private keyword(start: number, word: string): void {
    const span = { start, end: start + word.length };
    this.tokens.set(start, { span, class: 'keyword', declaration: false });
  }

  private add({ name, span }: Identifier, tokenClass: TokenClass, declaration: boolean): void {
    if (name === '_' || span.end === span.start || this.tokens.has(span.start)) return;
    this.tokens.set(span.start, { span, class: tokenClass, declaration });
  }
}

function isName(names: readonly Identifier[], node: Node): boolean {
  return names.includes(node as Identifier);
}
