/** What TypeScript files import, read from their syntax: types, re-exports and imports at run time included. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import ts from 'typescript';

const root = join(__dirname, '..', '..');

export interface Import {
  /** As it is written. */
  readonly specifier: string;
  /** The file within the repository, such as `src/version.ts`; undefined for packages. */
  readonly file: string | undefined;
  /** Whether it is loaded only when the code comes to it. */
  readonly lazy: boolean;
}

/** @param folder within the repository; so are the paths that come back */
export function sourceFiles(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => posix.join(folder, name.replaceAll('\\', '/')))
    .filter((path) => path.endsWith('.ts'))
    .sort();
}

/** @param file within the repository */
export function importsOf(file: string): Import[] {
  const found: Import[] = [];
  const add = (node: ts.Node | undefined, lazy: boolean): void => {
    if (node !== undefined && ts.isStringLiteralLike(node))
      found.push({ specifier: node.text, file: fileOf(node.text, file), lazy });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) add(node.moduleSpecifier, false);
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, false);
    if (ts.isCallExpression(node) && loads(node.expression)) add(node.arguments[0], true);
    ts.forEachChild(node, visit);
  };
  visit(parse(file));
  return found;
}

/** @param file within the repository */
export function parse(file: string): ts.SourceFile {
  const text = readFileSync(join(root, file), 'utf8');
  return ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
}

/** All files that one file needs, itself included. */
export function reachableFrom(entry: string): string[] {
  const seen = new Set([entry]);
  for (const path of seen)
    for (const { file } of path.endsWith('.ts') ? importsOf(path) : [])
      if (file !== undefined) seen.add(file);
  return [...seen].sort();
}

function loads(callee: ts.Expression): boolean {
  return (
    callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === 'require')
  );
}

function fileOf(specifier: string, importer: string): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  const path = posix.join(dirname(importer), specifier);
  const candidates = [path.replace(/\.js$/, '.ts'), `${path}.ts`, `${path}.d.ts`, `${path}/index.ts`];
  const file = candidates.find((candidate) => /\.\w+$/.test(candidate) && existsSync(join(root, candidate)));
  if (file === undefined) throw new Error(`${importer} imports ${specifier}, which is not there.`);
  return file;
}
