/** The statuses of "later" stand in src/retry, so that a rule for them is changed in one place. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import ts from 'typescript';

const src = join(__dirname, '../../../src');
const numbers = new Set(['429', '503']);
/** Files and folders (ending in /) that may name them all the same, and why. */
const exceptions: Readonly<Record<string, string>> = {
  'retry/': 'the table',
  'broker/rest-protocol.ts': 'the back-pressure of the engine; its retries are the broker’s own',
  'engine/': 'answers with them itself, and does not call APIs',
  'providers/azure-credentials.ts': 'Entra ID’s limit on tokens, told from refused credentials',
  'management/server.ts': 'the health port answers with it: the worker is not ready',
};
const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.split(sep).join('/'))
  .sort();

it('no room but retry decides on 429 and 503', () => {
  const wrong = files
    .filter((file) => exceptionOf(file) === undefined)
    .flatMap((file) => statusesIn(file).map(({ line, text }) => `src/${file}:${line} says ${text}`));
  throwIfAny(
    wrong,
    (place) =>
      `${place}: ask ruleOf() of src/retry/policy.ts, and give the table what it lacks. If this is not about retries of an API, name the file and the reason in test/unit/retry/one-table.test.ts.`,
  );
});

it('every exception is needed', () => {
  const needed = new Set(files.filter((file) => statusesIn(file).length > 0).map(exceptionOf));
  throwIfAny(
    Object.keys(exceptions).filter((place) => !needed.has(place)),
    (place) =>
      `src/${place} has neither 429 nor 503: take it out of the exceptions in test/unit/retry/one-table.test.ts.`,
  );
});

function exceptionOf(file: string): string | undefined {
  return Object.keys(exceptions).find((place) =>
    place.endsWith('/') ? file.startsWith(place) : file === place,
  );
}

/** Numbers, and texts that are nothing but the number; comments and sentences may speak of it. */
function statusesIn(file: string): { line: number; text: string }[] {
  const source = ts.createSourceFile(file, readFileSync(join(src, file), 'utf8'), ts.ScriptTarget.Latest);
  const places: { line: number; text: string }[] = [];
  const visit = (node: ts.Node): void => {
    const isLiteral = ts.isNumericLiteral(node) || ts.isStringLiteralLike(node);
    if (isLiteral && numbers.has(node.text)) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
      places.push({ line: line + 1, text: node.text });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return places;
}

function throwIfAny(places: readonly string[], sentence: (place: string) => string): void {
  if (places.length > 0) throw new Error(places.map(sentence).join('\n'));
}
