/** Who may know whom in the local engine, types included. CONTRIBUTING.md says the same for people. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { importsOf, parse, sourceFiles } from '../../support/imports';

/**
 * The rooms of src/engine from the lowest one up, with all that each may import; its own files always. `engine` is every
 * file directly in src/engine that is not named here.
 */
const rooms: Readonly<Record<string, readonly string[]>> = {
  model: [],
  state: ['model'],
  'keys.ts': ['state'],
  'api.ts': ['model', 'state'],
  storage: ['state'],
  turn: ['model', 'state', 'keys.ts'],
  data: ['model', 'state', 'turn'],
  rules: ['model', 'state', 'turn', 'data'],
  commands: ['model', 'state', 'turn', 'data', 'rules', 'api.ts'],
  engine: ['model', 'state', 'keys.ts', 'api.ts', 'storage', 'turn', 'data', 'rules', 'commands'],
  rest: ['state', 'data', 'api.ts'],
  page: [],
  'main.ts': ['storage', 'engine', 'rest', 'page'],
};
const order = 'model <- state <- turn <- data <- rules <- commands <- engine <- rest <- main';

/** Rooms that get time, chance and the environment as arguments. */
const pure = ['model', 'state', 'keys.ts', 'turn', 'data', 'rules', 'commands'];
/** What they may have of Node: arithmetic. */
const pureBuiltins = ['node:crypto'];
const impureNames =
  /^(process|fetch|performance|crypto|setTimeout|setInterval|setImmediate|queueMicrotask|randomUUID|randomBytes|randomInt)$/;
const impureMembers = /^(Date\.now|Math\.random)$/;

/** Folders of src that the engine stands on. */
const ground = ['src/feel/', 'src/json/', 'src/version.ts'];
/** The port that broker.ts puts the engine behind. */
const port = ['src/broker/broker.ts', 'src/job/job.ts'];

/** Scripts of the page run in browsers and have a world of their own. */
const pageScripts = 'src/engine/page/app/';
const files = sourceFiles('src/engine').filter((file) => !file.startsWith(pageScripts));

function roomOf(file: string): string {
  const [first = '', ...rest] = file.slice('src/engine/'.length).split('/');
  return rest.length > 0 || first in rooms ? first : 'engine';
}

function isInside(file: string | undefined): boolean {
  return file?.startsWith('src/engine/') === true;
}

describe('the rooms of src/engine', () => {
  it('know lower ones only', () => {
    const names = Object.keys(rooms);
    for (const [room, known] of Object.entries(rooms))
      for (const other of known) expect(names.indexOf(other)).toBeLessThan(names.indexOf(room));
    const steps = order.split(' <- ').map((name) => names.indexOf(name === 'main' ? 'main.ts' : name));
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
  });

  it('import what the table allows', () => {
    const wrong = files.flatMap((file) => {
      const room = roomOf(file);
      const known = rooms[room] ?? [];
      return importsOf(file).flatMap(({ file: target = '' }) =>
        !isInside(target) || roomOf(target) === room || known.includes(roomOf(target))
          ? []
          : [
              `${file} imports ${target}, but ${room} may know ${known.join(', ') || 'no other room'} only: ` +
                'move what both need into the lower one, or hand it in as an argument.',
            ],
      );
    });
    expect(wrong).toEqual([]);
  });

  it('are all in the table, and in CONTRIBUTING.md in the same order', () => {
    const strangers = [...new Set(files.map(roomOf))]
      .filter((room) => !(room in rooms))
      .map(
        (room) => `src/engine/${room} is in no table: say what it may import, here and in CONTRIBUTING.md.`,
      );
    expect(strangers).toEqual([]);
    const page = readFileSync(join(__dirname, '../../../CONTRIBUTING.md'), 'utf8');
    const unnamed = Object.keys(rooms)
      .filter((room) => room !== 'engine' && !page.includes(`\`${room}\``))
      .map(
        (room) => `CONTRIBUTING.md does not name \`${room}\`: add a line on what src/engine/${room} is for.`,
      );
    if (!page.includes(order))
      unnamed.push(`CONTRIBUTING.md lacks the order "${order}": write it there as it is here.`);
    expect(unnamed).toEqual([]);
  });
});

describe('between src/engine and the rest of src', () => {
  it('the engine stands on FEEL and JSON, and on nothing else of the product', () => {
    const wrong = files.flatMap((file) => {
      const allowed = file === 'src/engine/broker.ts' ? [...ground, ...port] : ground;
      return importsOf(file).flatMap(({ file: target }) =>
        target === undefined || isInside(target) || allowed.some((start) => target.startsWith(start))
          ? []
          : [
              `${file} imports ${target}, but the engine may use ${allowed.join(', ')} only: hand it in as an argument.`,
            ],
      );
    });
    expect(wrong).toEqual([]);
  });

  it('nobody knows the engine but src/main.ts, which loads it when it is asked for', () => {
    const wrong = sourceFiles('src')
      .filter((file) => !isInside(file))
      .flatMap((file) =>
        importsOf(file)
          .filter((found) => isInside(found.file) && !(file === 'src/main.ts' && found.lazy))
          .map(
            ({ specifier }) =>
              `${file} imports ${specifier}: the worker must start without the engine. Load it with await import() in src/main.ts.`,
          ),
      );
    expect(wrong).toEqual([]);
  });

  it("the page's scripts know one another only", () => {
    const wrong = sourceFiles(pageScripts.slice(0, -1)).flatMap((file) =>
      importsOf(file)
        .filter(({ file: target }) => target?.startsWith(pageScripts) !== true)
        .map(
          ({ specifier }) =>
            `${file} imports ${specifier}: it runs in a browser and has what is in its folder only.`,
        ),
    );
    expect(wrong).toEqual([]);
  });
});

describe('foreign things in src/engine', () => {
  it('one file knows the BPMN parser, and there is no other package', () => {
    const wrong = files.flatMap((file) =>
      importsOf(file)
        .filter(({ file: target, specifier }) => target === undefined && !specifier.startsWith('node:'))
        .filter(
          ({ specifier }) =>
            file !== 'src/engine/model/read-bpmn.ts' || !/^(zeebe-)?bpmn-moddle(\/|$)/.test(specifier),
        )
        .map(
          ({ specifier }) =>
            `${file} imports ${specifier}: src/engine/model/read-bpmn.ts is the door to bpmn-moddle, and the engine has no other package.`,
        ),
    );
    expect(wrong).toEqual([]);
  });

  it('only the storage in a folder, and the server of the page, touch files', () => {
    const wrong = files
      .filter((file) => !file.startsWith('src/engine/storage/file/') && roomOf(file) !== 'page')
      .flatMap((file) =>
        importsOf(file)
          .filter(({ specifier }) => /^(node:)?fs(\/|$)/.test(specifier))
          .map(
            ({ specifier }) =>
              `${file} imports ${specifier}: files are for src/engine/storage/file; go through Storage.`,
          ),
      );
    expect(wrong).toEqual([]);
  });

  it('pure rooms have no time, no chance and no environment of their own', () => {
    const inside = files.filter((file) => pure.includes(roomOf(file)));
    const builtins = inside.flatMap((file) =>
      importsOf(file)
        .filter(({ specifier }) => specifier.startsWith('node:') && !pureBuiltins.includes(specifier))
        .map(
          ({ specifier }) =>
            `${file} imports ${specifier}: ${roomOf(file)} is pure, hand the result in as an argument.`,
        ),
    );
    const globals = impureUses(inside).map(
      ({ file, line, use }) =>
        `${file}:${line} uses ${use}: ${roomOf(file)} is pure. Take turn.now, turn.random, or an argument.`,
    );
    expect([...builtins, ...globals]).toEqual([]);
  });
});

interface Use {
  readonly file: string;
  readonly line: number;
  readonly use: string;
}

/** Names are resolved within the files only, without any library: what is found nowhere is a global. */
function impureUses(paths: readonly string[]): Use[] {
  const sources = new Map(paths.map((path) => [path, parse(path)]));
  const host: ts.CompilerHost = {
    getSourceFile: (name) => sources.get(name),
    getDefaultLibFileName: () => '',
    writeFile: () => undefined,
    getCurrentDirectory: () => '',
    getCanonicalFileName: (name) => name,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
    fileExists: (name) => sources.has(name),
    readFile: () => undefined,
  };
  const program = ts.createProgram([...paths], { noLib: true, noResolve: true, types: [] }, host);
  const checker = program.getTypeChecker();
  return [...sources].flatMap(([file, source]) => {
    const uses: Use[] = [];
    const visit = (node: ts.Node): void => {
      const use = impureUse(node, checker);
      if (use !== undefined)
        uses.push({ file, line: source.getLineAndCharacterOfPosition(node.getStart()).line + 1, use });
      ts.forEachChild(node, visit);
    };
    visit(source);
    return uses;
  });
}

function impureUse(node: ts.Node, checker: ts.TypeChecker): string | undefined {
  if (ts.isPropertyAccessExpression(node) && impureMembers.test(node.getText())) return node.getText();
  if (ts.isNewExpression(node) && node.expression.getText() === 'Date' && node.arguments?.length === 0)
    return 'new Date()';
  if (!ts.isIdentifier(node) || !impureNames.test(node.text)) return undefined;
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) return undefined;
  const isImported = ts.isImportSpecifier(parent);
  return isImported || checker.getSymbolAtLocation(node) === undefined ? node.text : undefined;
}
