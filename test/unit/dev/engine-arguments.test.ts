import { portsForOffset, readArguments } from '../../../dev/engine/arguments';
import { engineFolder } from '../../../dev/engine/folders';

describe('the command line of npm run engine', () => {
  it.each(['start', 'stop', 'status', 'wipe'] as const)(
    '%s alone means offset 0 and the usual folder',
    (command) => {
      expect(readArguments([command])).toEqual({ command, portOffset: 0, folder: undefined });
    },
  );

  it('takes an offset and a folder, in any order', () => {
    const expected = { command: 'start', portOffset: 12, folder: 'there' };
    expect(readArguments(['start', '--port-offset', '12', '--data', 'there'])).toEqual(expected);
    expect(readArguments(['--data=there', '--port-offset=12', 'start'])).toEqual(expected);
  });

  it.each([[[]], [['restart']], [['start', 'stop']], [['start', '--ports', '1']], [['start', '--data']]])(
    '%j is answered with how to call it',
    (args) => expect(() => readArguments(args)).toThrow(/^Usage: npm run engine/),
  );

  it.each(['-1', '1.5', '50001', 'one', '', '1e3'])('the offset "%s" is refused by name', (offset) => {
    expect(() => readArguments(['start', `--port-offset=${offset}`])).toThrow(
      `--port-offset must be a whole number from 0 to 50000, but is "${offset}".`,
    );
  });

  it('an empty folder is refused, since the current one would be meant', () => {
    expect(() => readArguments(['wipe', '--data='])).toThrow('--data must name a folder');
  });
});

describe('the ports of an offset', () => {
  it.each([
    [0, { rest: 8080, management: 9600 }],
    [7, { rest: 8087, management: 9607 }],
    [50_000, { rest: 58_080, management: 59_600 }],
  ])('%d', (offset, ports) => expect(portsForOffset(offset)).toEqual(ports));
});

describe('the folder of an engine without --data', () => {
  it.each([
    [{ XDG_CACHE_HOME: '/x' }, 'linux', '/x/zeebe-openai-connector/engines/offset-3'],
    [{}, 'linux', '/home/me/.cache/zeebe-openai-connector/engines/offset-3'],
    [{}, 'darwin', '/home/me/Library/Caches/zeebe-openai-connector/engines/offset-3'],
    [{ LOCALAPPDATA: '/local' }, 'win32', '/local/zeebe-openai-connector/engines/offset-3'],
  ] as const)('%j on %s: %s', (env, platform, folder) => {
    expect(engineFolder(3, env, platform, '/home/me')).toBe(folder);
  });
});
