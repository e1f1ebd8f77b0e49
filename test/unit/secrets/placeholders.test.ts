import {
  maskJson,
  maskText,
  replaceSecretsInJson,
  replaceSecretsInText,
  secretNamesInJson,
  secretNamesInText,
} from '../../../src/secrets/placeholders';

describe('names of secrets in the JSON text of variables', () => {
  it.each<[string, string[]]>([
    ['{{secrets.A}}', ['A']],
    ['{{ secrets.A }}', ['A']],
    ['{{secrets.a:b$c}}', ['a:b$c']],
    ['{{{secrets.A}}}', ['A']],
    ['{{secrets. A}}', []],
    ['{{secrets.my key}}', ['my']],
    ['secrets.A/B', ['A/B']],
    ['secrets.A.B', ['A.B']],
    ['secrets.TEST-0', ['TEST-0']],
    ['secrets.TEST TEST', ['TEST']],
    ['secrets._X secrets./X secrets.-X secrets..X secrets. secrets.?', []],
    ['secrets.A-', ['A']],
    ['mysecrets.foo', ['foo']],
    ['https://secrets.example.com/x', ['example.com/x']],
    ['{secrets.A}', ['A']],
    ['Secrets.A', []],
    ['secrets.B {{secrets.A}} secrets.B', ['A', 'B']],
    ['{"a":"{{secrets.A}","b":"{{secrets.B}}"}', ['A}","b":"{{secrets.B']],
  ])('%s names %j', (text, names) => {
    expect(secretNamesInJson(text)).toEqual(names);
  });

  it('reads a long text full of opening brackets in linear time', () => {
    const text = '{{secrets.'.repeat(200_000);
    expect(secretNamesInJson(text)).toEqual([]);
  });
});

describe('values of secrets in the JSON text of variables', () => {
  const values = new Map([
    ['A', 'v'],
    ['J', '{"k": "line\n"}'],
    ['N', '{{secrets.A}} secrets.A'],
    ['EMPTY', ''],
  ]);

  it.each([
    ['{"a":"{{ secrets.A }}","secrets.A":1}', '{"a":"v","v":1}'],
    ['{"a":"{{secrets.J}}"}', '{"a":"{\\"k\\": \\"line\\n\\"}"}'],
    ['{"a":"{{secrets.N}}"}', '{"a":"{{secrets.A}} secrets.A"}'],
    ['{"a":"x{{secrets.EMPTY}}y"}', '{"a":"xy"}'],
    ['{"a":"{{secrets.UNKNOWN}} secrets.UNKNOWN"}', '{"a":"{{secrets.UNKNOWN}} secrets.UNKNOWN"}'],
    ['{"a":"<<secrets.A>>"}', '{"a":"<<v>>"}'],
    ['{"a":"{{secrets.A}}{{secrets.A}}{{secrets.A}}"}', '{"a":"vvv"}'],
  ])('%s becomes %s', (text, expected) => {
    expect(replaceSecretsInJson(text, values)).toBe(expected);
  });
});

describe('secrets in a plain text', () => {
  it('knows all three notations', () => {
    expect(secretNamesInText('<<secrets.C>> secrets.B {{secrets.A}}')).toEqual(['C', 'A', 'B']);
  });

  it('puts values in as they are, once', () => {
    const values = new Map([
      ['A', '"<<secrets.B>>"'],
      ['B', 'b'],
    ]);
    expect(replaceSecretsInText('<< secrets.A >> secrets.B {{secrets.B}}', values)).toBe(
      '"<<secrets.B>>" b b',
    );
  });
});

describe('masking', () => {
  it('hides every occurrence, the longest value first', () => {
    expect(maskText('key key1 key', ['key', 'key1'])).toBe('*** *** ***');
  });

  it('leaves no piece of overlapping values', () => {
    expect(maskText('xabcdx', ['abc', 'bcd'])).toBe('x***x');
  });

  it('skips empty values', () => {
    expect(maskText('Bad', [''])).toBe('Bad');
  });

  it('hides values inside JSON text and URLs', () => {
    expect(maskText('{"a":"p\\"w"} http://h/?q=p%22w', ['p"w'])).toBe('{"a":"***"} http://h/?q=***');
  });

  it('hides keys and texts of data at any depth and keeps its other values', () => {
    expect(maskJson({ 'k-pw': [{ a: 'x pw' }, 1, true, null] }, ['pw'])).toEqual({
      'k-***': [{ a: 'x ***' }, 1, true, null],
    });
  });
});
