/**
 * The walls of src, as docs/architecture.md and docs/dependencies.md tell them to people: which room may import which,
 * where each package has its door, and that the picture shows what is there.
 */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { guardEach, guardSentences } from '../support/guard';
import { importsOf, sourceFiles } from '../support/imports';

const root = resolve(__dirname, '../..');
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
/** Within the repository, such as `src/feel/index.ts`. */
const files = sourceFiles('src').filter((file) => !file.endsWith('.d.ts'));

describe('each file of src', () => {
  test.each(files.filter((file) => roomOf(file) !== undefined))('%s imports what its room may', (file) => {
    const name = roomOf(file)!;
    const room = rooms.get(name);
    if (room === undefined)
      throw new Error(
        `src/${name} is not in the table of rooms: say in docs/architecture.md what it is and what it may import.`,
      );
    guardSentences([
      ...roomsImportedBy(file)
        .filter((other) => other !== name && !room.mayImport.includes(other))
        .map(
          (other) =>
            `${file} imports ${other}: ${name} may import ${room.mayImport.join(', ') || 'nothing'} (docs/architecture.md). Take what you need as an argument, or move it to the room it belongs to.`,
        ),
      ...modulesImportedBy(file)
        .filter((module) => !room.io && ioModules.test(module))
        .map(
          (module) =>
            `${file} imports ${module}: ${name} is a room without I/O. Take what you need through a port.`,
        ),
    ]);
  });

  test.each(files)('%s takes packages where their door is', (file) => {
    const wrong = modulesImportedBy(file)
      .filter((module) => !module.startsWith('node:'))
      .filter((module) => !(doors.get(packageOf(module)) ?? []).some((door) => opens(door, file)));
    guardEach(
      wrong,
      (module) =>
        `${file} imports ${module}, whose door is ${(doors.get(packageOf(module)) ?? ['not named']).join(', ')} (docs/dependencies.md). Use what the door offers, or name a further door there.`,
    );
  });
});

test('no two rooms import one another', () => {
  const arrows = new Set(drawableArrows(() => true));
  const circles = [...arrows].filter((arrow) => {
    const [from, to] = arrow.split(' --> ');
    return from! < to! && arrows.has(`${to} --> ${from}`);
  });
  guardEach(
    circles,
    (arrow) => `${arrow} and back: move what both need into one of them, or into a room of its own.`,
  );
});

test('every room of the table is there', () => {
  const there = new Set(files.map(roomOf));
  const gone = [...rooms.keys()].filter((room) => !there.has(room));
  guardEach(
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

/** Undefined for files at the root of src. */
function roomOf(file: string): string | undefined {
  const [, room, inRoom] = file.split('/');
  return inRoom === undefined ? undefined : room;
}

/** Rooms, and files at the root by their name. */
function roomsImportedBy(file: string): string[] {
  const targets = importsOf(file).flatMap((found) => found.file ?? []);
  return [...new Set(targets.map((target) => target.split('/')[1]!.replace(/\.ts$/, '')))];
}

/** Names of packages and of Node's own modules. */
function modulesImportedBy(file: string): string[] {
  return importsOf(file).flatMap(({ specifier, file: own }) => (own === undefined ? [specifier] : []));
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
