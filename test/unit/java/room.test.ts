/** The Java runtime's words live in two folders; everything else reads without knowing its rules. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import ts from 'typescript';

const root = join(__dirname, '../../../src');
const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => relative(root, join(root, name)).split(sep).join('/'));
const rooms = ['java/', 'rest-connector/'];
/** A job type of the engine, not a class. */
const allowed = new Set(['io.camunda.zeebe:userTask']);

interface Words {
  readonly identifiers: readonly string[];
  readonly texts: readonly string[];
}

function wordsOf(file: string): Words {
  const identifiers: string[] = [];
  const texts: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) identifiers.push(node.text);
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)) {
      texts.push(node.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.Latest));
  return { identifiers, texts };
}

it('no file outside its rooms holds a class name of the Java runtime', () => {
  const outside = files.filter((file) => !rooms.some((room) => file.startsWith(room)));
  const wrong = outside.flatMap((file) =>
    wordsOf(file)
      .texts.filter((text) => /\bjava\.|\bio\.camunda\./.test(text) && !allowed.has(text))
      .map(
        (text) => `src/${file} holds ${JSON.stringify(text)}: move it to src/java/ and take it from there.`,
      ),
  );
  expect(wrong).toEqual([]);
});

it('no file of job/ asks which family a job is of', () => {
  const wrong = files
    .filter((file) => file.startsWith('job/') && wordsOf(file).identifiers.includes('official'))
    .map((file) => `src/${file} asks whether a job is official: give Manner (src/job/manner.ts) a member.`);
  expect(wrong).toEqual([]);
});
