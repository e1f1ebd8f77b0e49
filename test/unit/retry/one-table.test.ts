/** The statuses of "later" stand in src/retry, so that a rule for them is changed in one place. */
import ts from 'typescript';
import { guardEach } from '../../support/guard';
import { parse, sourceFiles } from '../../support/imports';

const numbers = new Set(['429', '503']);
/** Files and folders (ending in /) that may name them all the same, and why. */
const exceptions: Readonly<Record<string, string>> = {
  'src/retry/': 'the table',
  'src/broker/rest-protocol.ts': 'the back-pressure of the engine; its retries are the broker’s own',
  'src/engine/': 'answers with them itself, and does not call APIs',
  'src/providers/azure-credentials.ts': 'Entra ID’s limit on tokens, told from refused credentials',
  'src/management/server.ts': 'the health port answers with it: the worker is not ready',
};
const files = sourceFiles('src');

it('no room but retry decides on 429 and 503', () => {
  const wrong = files
    .filter((file) => exceptionOf(file) === undefined)
    .flatMap((file) => statusesIn(file).map(({ line, text }) => `${file}:${line} says ${text}`));
  guardEach(
    wrong,
    (place) =>
      `${place}: ask ruleOf() of src/retry/policy.ts, and give the table what it lacks. If this is not about retries of an API, name the file and the reason in test/unit/retry/one-table.test.ts.`,
  );
});

it('every exception is needed', () => {
  const needed = new Set(files.filter((file) => statusesIn(file).length > 0).map(exceptionOf));
  guardEach(
    Object.keys(exceptions).filter((place) => !needed.has(place)),
    (place) =>
      `${place} has neither 429 nor 503: take it out of the exceptions in test/unit/retry/one-table.test.ts.`,
  );
});

function exceptionOf(file: string): string | undefined {
  return Object.keys(exceptions).find((place) =>
    place.endsWith('/') ? file.startsWith(place) : file === place,
  );
}

/** Numbers, and texts that are nothing but the number; comments and sentences may speak of it. */
function statusesIn(file: string): { line: number; text: string }[] {
  const source = parse(file);
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
