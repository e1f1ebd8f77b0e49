/** One exported type, one name: a reader who meets it need not look which one is meant. */
import ts from 'typescript';
import { parse, sourceFiles } from '../support/imports';
import { guardSentences } from '../support/guard';

const typesOf = exportedTypes();

test('no two exported types share a name', () => {
  const shared = [...typesOf].filter(([, files]) => files.length > 1);
  const faults = shared.map(
    ([name, files]) => `${name} is exported by ${files.join(' and ')}: give one of them a name of its own.`,
  );
  guardSentences(faults);
});

test('no exported type borrows a keyword', () => {
  const faults = [...typesOf]
    .filter(([name]) => isKeyword(name.toLowerCase()))
    .map(
      ([name, files]) =>
        `${name} in ${files[0]} borrows a keyword, so every variable of it has to be renamed: call it otherwise.`,
    );
  guardSentences(faults);
});

/** Words that no variable may be called. */
function isKeyword(word: string): boolean {
  const token = ts.createScanner(ts.ScriptTarget.Latest, true, ts.LanguageVariant.Standard, word).scan();
  return token >= ts.SyntaxKind.FirstReservedWord && token <= ts.SyntaxKind.LastReservedWord;
}

function exportedTypes(): ReadonlyMap<string, readonly string[]> {
  const types = new Map<string, string[]>();
  for (const file of sourceFiles('src'))
    for (const statement of parse(file).statements) {
      if (!isType(statement) || !isExported(statement) || statement.name === undefined) continue;
      const { text } = statement.name;
      types.set(text, [...(types.get(text) ?? []), file]);
    }
  return types;
}

function isType(
  node: ts.Statement,
): node is ts.InterfaceDeclaration | ts.TypeAliasDeclaration | ts.ClassDeclaration {
  return ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node) || ts.isClassDeclaration(node);
}

function isExported(node: ts.HasModifiers): boolean {
  return (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
}
