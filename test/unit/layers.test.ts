/**
 * The walls of src, as docs/architecture.md and docs/dependencies.md tell them to people: which room may import which,
 * where each package has its door, and that the picture shows what is there.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import ts from 'typescript';

const root = resolve(__dirname, '../..');
const src = join(root, 'src');
const architecture = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
const dependencies = readFileSync(join(root, 'docs/dependencies.md'), 'utf8');
const ioModules = /^node:(fs|http|https|net|tls|dns|child_process|worker_threads|timers|cluster|dgram|os)/;
/** Too common to draw. */
const notDrawn = new Set(['json', 'errors']);

interface Room {
  readonly mayImport: readonly string[];
  readonly io: boolean;
}

const rooms = new Map<string, Room>(
  rowsWith(architecture, 4, /^`[\w-]+`$/).map(([name = '', , mayImport = '', io = '']) => [
    inBackticks(name)[0] ?? '',
    { mayImport: inBackticks(mayImport), io: io === 'yes' },
  ]),
);
/** Package to the files and folders (ending in /) that may import it. */
const doors = new Map<string, readonly string[]>(
  rowsWith(dependencies, 4, /^`/).flatMap(([names = '', , places = '']) =>
    inBackticks(names).map((name): [string, readonly string[]] => [
      name,
      inBackticks(places).filter((place) => place.startsWith('src/')),
    ]),
  ),
);
const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
  .map((file) => file.split(sep).join('/'))
  .sort();

describe('each file of src', () => {
  test.each(files.filter((file) => roomOf(file) !== undefined))('%s imports what its room may', (file) => {
    const name = roomOf(file)!;
    const room = rooms.get(name);
    if (room === undefined)
      throw new Error(
        `src/${name} is not in the table of rooms: say in docs/architecture.md what it is and what it may import.`,
      );
    const imported = importsOf(file);
    throwIfAny(
      [
        ...roomsImportedBy(file)
          .filter((other) => other !== name && !room.mayImport.includes(other))
          .map(
            (other) =>
              `src/${file} imports ${other}: ${name} may import ${room.mayImport.join(', ') || 'nothing'} (docs/architecture.md). Take what you need as an argument, or move it to the room it belongs to.`,
          ),
        ...imported
          .filter((module) => !room.io && ioModules.test(module))
          .map(
            (module) =>
              `src/${file} imports ${module}: ${name} is a room without I/O. Take what you need through a port.`,
          ),
      ],
      (sentence) => sentence,
    );
  });

  test.each(files)('%s takes packages where their door is', (file) => {
    const wrong = importsOf(file)
      .filter((module) => !module.startsWith('.') && !module.startsWith('node:'))
      .filter((module) => !(doors.get(packageOf(module)) ?? []).some((door) => opens(door, `src/${file}`)));
    throwIfAny(
      wrong,
      (module) =>
        `src/${file} imports ${module}, whose door is ${(doors.get(packageOf(module)) ?? ['not named']).join(', ')} (docs/dependencies.md). Use what the door offers, or name a further door there.`,
    );
  });
});

test('no two rooms import one another', () => {
  const arrows = new Set(drawableArrows(() => true));
  const circles = [...arrows].filter((arrow) => {
    const [from, to] = arrow.split(' --> ');
    return from! < to! && arrows.has(`${to} --> ${from}`);
  });
  throwIfAny(
    circles,
    (arrow) => `${arrow} and back: move what both need into one of them, or into a room of its own.`,
  );
});

test('every room of the table is there', () => {
  const there = new Set(files.map(roomOf));
  const gone = [...rooms.keys()].filter((room) => !there.has(room));
  throwIfAny(
    gone,
    (room) => `docs/architecture.md tells of src/${room}, which is not there: take it out of the table.`,
  );
});

test('the picture shows the imports that are there, and no others', () => {
  const [, picture = ''] = /```mermaid\ngraph LR\n([\s\S]*?)```/.exec(architecture) ?? [];
  const drawn = picture
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const real = drawableArrows((to) => !notDrawn.has(to));
  const wanted = real.map((arrow) => `  ${arrow}`).join('\n');
  if (drawn.join('\n') !== real.join('\n'))
    throw new Error(
      `The picture in docs/architecture.md is not what the code imports. Replace its arrows by:\n${wanted}`,
    );
});

function drawableArrows(isDrawn: (to: string) => boolean): string[] {
  const arrows = new Set<string>();
  for (const file of files) {
    const from = roomOf(file);
    if (from === undefined) continue;
    for (const to of roomsImportedBy(file))
      if (to !== from && rooms.has(to) && isDrawn(to)) arrows.add(`${from} --> ${to}`);
  }
  return [...arrows].sort();
}

/** Undefined for files at the root. */
function roomOf(file: string): string | undefined {
  return file.includes('/') ? file.split('/')[0] : undefined;
}

/** Rooms, and files at the root by their name. */
function roomsImportedBy(file: string): string[] {
  const targets = importsOf(file)
    .filter((module) => module.startsWith('.'))
    .map((module) =>
      relative(src, resolve(src, dirname(file), module))
        .split(sep)
        .join('/'),
    );
  return [...new Set(targets.map((target) => target.split('/')[0]!.replace(/\.js$/, '')))];
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(src, file), 'utf8');
  return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
}

function packageOf(module: string): string {
  return module
    .split('/')
    .slice(0, module.startsWith('@') ? 2 : 1)
    .join('/');
}

function opens(door: string, file: string): boolean {
  return door.endsWith('/') ? file.startsWith(door) : file === door;
}

/** The rows of a page's tables that have so many cells and begin like this. */
function rowsWith(page: string, cells: number, first: RegExp): string[][] {
  return page
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
    .filter((row) => row.length === cells && first.test(row[0] ?? ''));
}

function inBackticks(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
}

function throwIfAny<T>(found: readonly T[], sentence: (item: T) => string): void {
  if (found.length > 0) throw new Error(found.map(sentence).join('\n'));
}
