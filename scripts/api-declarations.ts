import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { type Doc, parseDoc } from './doc-comment.js';

/** An export of the library. */
export interface Entry {
  readonly name: string;
  readonly doc: Doc;
  /** Its TypeScript declaration, without bodies and private members, with the comments of members. */
  readonly code: string;
  /** Names of the types in the declaration. */
  readonly mentions: ReadonlySet<string>;
  readonly isType: boolean;
}

/** A section of exports. */
export interface Section {
  readonly title: string;
  readonly text: string;
  readonly entries: readonly Entry[];
}

const files = new Map<string, ts.SourceFile>();

function sourceFile(path: string): ts.SourceFile {
  const known = files.get(path);
  const file = known ?? ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.ES2022, true);
  files.set(path, file);
  return file;
}

/**
 * Returns the introduction (first comment) and the sections of a module that re-exports. A comment that begins with ## starts a
 * section with its title and text.
 */
export function readLibrary(path: string): { introduction: string; sections: Section[] } {
  const file = sourceFile(path);
  const sections: (Section & { entries: Entry[] })[] = [];
  let introduction = '';
  for (const statement of file.statements) {
    for (const text of comments(statement)) {
      const [, title, rest = ''] = /^## (.+)\n?([^]*)$/.exec(text) ?? [];
      if (title !== undefined) sections.push({ title, text: rest.trim(), entries: [] });
      else introduction ||= text;
    }
    if (!ts.isExportDeclaration(statement) || !statement.exportClause || !ts.isNamedExports(statement.exportClause))
      continue;
    const from = moduleOf(path, statement);
    const section = sections.at(-1);
    if (!section) throw new Error(`${path}: the first export comes before the first section`);
    section.entries.push(...statement.exportClause.elements.map(({ name }) => entry(from, name.text)));
  }
  return { introduction, sections };
}

function moduleOf(path: string, { moduleSpecifier }: ts.ExportDeclaration): string {
  if (!moduleSpecifier || !ts.isStringLiteral(moduleSpecifier))
    throw new Error(`${path}: only re-exports are supported`);
  return join(dirname(path), moduleSpecifier.text.replace(/\.js$/, '.ts'));
}

type Declaration =
  | ts.FunctionDeclaration
  | ts.ClassDeclaration
  | ts.InterfaceDeclaration
  | ts.TypeAliasDeclaration
  | ts.VariableStatement;

function isDeclarationOf(node: ts.Statement, name: string): node is Declaration {
  if (ts.isVariableStatement(node)) return node.declarationList.declarations.some((d) => d.name.getText() === name);
  const isKind =
    ts.isFunctionDeclaration(node) ||
    ts.isClassDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node);
  return isKind && node.name?.text === name;
}

function entry(path: string, name: string): Entry {
  const { statements } = sourceFile(path);
  const found = statements.filter((node): node is Declaration => isDeclarationOf(node, name));
  const [first] = found;
  if (!first) {
    const again = statements.find(
      (node): node is ts.ExportDeclaration =>
        ts.isExportDeclaration(node) &&
        node.exportClause !== undefined &&
        ts.isNamedExports(node.exportClause) &&
        node.exportClause.elements.some((element) => element.name.text === name),
    );
    if (!again) throw new Error(`${path} has no ${name}`);
    return entry(moduleOf(path, again), name);
  }
  const overloads = found.filter((node) => ts.isFunctionDeclaration(node) && !node.body);
  const shown = overloads.length > 0 ? overloads : [first];
  const [comment] = comments(first).slice(-1);
  if (comment === undefined) throw new Error(`${path}: ${name} has no doc comment`);
  const mentions = new Set(shown.flatMap(typesIn));
  const isType = ts.isInterfaceDeclaration(first) || ts.isTypeAliasDeclaration(first);
  return { name, doc: parseDoc(comment), code: shown.map(codeOf).join('\n'), mentions, isType };
}

/** Returns the texts of the comments before a node. */
function comments(node: ts.Node): string[] {
  const text = node.getSourceFile().text;
  const ranges = ts.getLeadingCommentRanges(text, node.getFullStart()) ?? [];
  return ranges.map(({ pos, end }) => {
    const lines = text
      .slice(pos, end)
      .replace(/^\/\*\*?|\*\/$/g, '')
      .split('\n');
    return lines
      .map((line) => line.replace(/^\s*\* ?/, '').trimEnd())
      .join('\n')
      .trim();
  });
}

function codeOf(node: Declaration): string {
  if (ts.isFunctionDeclaration(node)) return `function ${node.name?.text ?? ''}${signature(node)};`;
  if (!ts.isClassDeclaration(node)) return node.getText().replace(/^export /, '');
  const members = node.members.flatMap((member) => (isPublic(member) ? [memberCode(member)] : []));
  const head = [node.name?.text, ...(node.heritageClauses ?? []).map((clause) => clause.getText())].join(' ');
  return `class ${head} {\n${members.join('\n')}\n}`;
}

function isPublic(member: ts.ClassElement): boolean {
  const modifiers = ts.canHaveModifiers(member) ? (ts.getModifiers(member) ?? []) : [];
  const isHidden = modifiers.some(
    ({ kind }) => kind === ts.SyntaxKind.PrivateKeyword || kind === ts.SyntaxKind.OverrideKeyword,
  );
  const siblings = (member.parent as ts.ClassDeclaration).members;
  const isImplementation =
    ts.isMethodDeclaration(member) &&
    member.body !== undefined &&
    siblings.some((m) => ts.isMethodDeclaration(m) && !m.body && m.name.getText() === member.name.getText());
  return !isHidden && !isImplementation;
}

function memberCode(member: ts.ClassElement): string {
  const [doc] = comments(member).slice(-1);
  const lines = doc?.split('\n').map((line) => ` * ${line}`.trimEnd()) ?? [];
  const comment = lines.length === 0 ? '' : lines.length === 1 ? `/** ${doc} */\n` : `/**\n${lines.join('\n')}\n */\n`;
  if (ts.isConstructorDeclaration(member)) {
    const properties = member.parameters.filter((p) =>
      ts.getModifiers(p)?.some((m) => m.kind === ts.SyntaxKind.ReadonlyKeyword),
    );
    const fields = properties.filter((p) => !ts.getModifiers(p)?.some((m) => m.kind === ts.SyntaxKind.PrivateKeyword));
    return [...fields.map((p) => `${p.getText()};`), `${comment}constructor${signature(member)};`].join('\n');
  }
  const name = member.name?.getText() ?? '';
  if (ts.isGetAccessorDeclaration(member)) return `${comment}readonly ${name}: ${member.type?.getText() ?? 'unknown'};`;
  if (ts.isMethodDeclaration(member)) {
    const isStatic = ts.getModifiers(member)?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword) ?? false;
    return `${comment}${isStatic ? 'static ' : ''}${name}${signature(member)};`;
  }
  return `${comment}${member.getText()}`;
}

/** Returns parameters and result type of a signature; destructured parameters are named `options`. */
function signature(node: ts.SignatureDeclaration): string {
  const parameters = node.parameters.map((parameter) => {
    const name = ts.isIdentifier(parameter.name) ? parameter.name.text : 'options';
    const isOptional = parameter.initializer !== undefined || parameter.questionToken !== undefined;
    return `${name}${isOptional ? '?' : ''}: ${parameter.type?.getText() ?? 'unknown'}`;
  });
  const types = node.typeParameters?.map((type) => type.getText()).join(', ');
  const result = ts.isConstructorDeclaration(node) ? '' : `: ${node.type?.getText() ?? 'void'}`;
  return `${types ? `<${types}>` : ''}(${parameters.join(', ')})${result}`;
}

function typesIn(node: ts.Node): string[] {
  const names: string[] = [];
  const visit = (child: ts.Node): void => {
    if (ts.isTypeReferenceNode(child)) names.push(child.typeName.getText());
    if (ts.isExpressionWithTypeArguments(child)) names.push(child.expression.getText());
    if (!ts.isBlock(child)) ts.forEachChild(child, visit);
  };
  visit(node);
  return names;
}
