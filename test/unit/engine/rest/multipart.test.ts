import { readForm } from '../../../../src/engine/rest/multipart';

const type = 'multipart/form-data; boundary=--x';
/** Lines are joined as they travel. */
const form = (...lines: string[]): Buffer => Buffer.from(lines.join('\r\n'), 'utf8');
const named = (disposition: string): Buffer =>
  form('----x', `Content-Disposition: form-data; ${disposition}`, '', 'content', '----x--', '');

async function written(data: FormData) {
  const request = new Request('http://localhost', { method: 'POST', body: data });
  return readForm(Buffer.from(await request.arrayBuffer()), request.headers.get('content-type') ?? '');
}

describe('readForm', () => {
  it('reads what Node writes, bytes and all', async () => {
    const data = new FormData();
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, at) => at));
    data.append('file', new Blob([bytes], { type: 'image/png' }), 'ä "q"\r\n.png');
    data.append('empty', '');
    data.append('metadata', '{"a":1}\r\n--x\r\n');
    expect(await written(data)).toEqual([
      { name: 'file', fileName: 'ä "q"\r\n.png', type: 'image/png', content: bytes },
      { name: 'empty', type: '', content: Buffer.alloc(0) },
      { name: 'metadata', type: '', content: Buffer.from('{"a":1}\r\n--x\r\n') },
    ]);
    expect(await written(new FormData())).toEqual([]);
  });

  it.each<[string, string, string | undefined]>([
    ['name="n"; filename="a.bpmn"', 'n', 'a.bpmn'],
    ['name=n; filename=a.bpmn', 'n', 'a.bpmn'],
    ['filename="a.bpmn"; name="n"', 'n', 'a.bpmn'],
    [`name=n; filename=a.bpmn; filename*=utf-8''%c3%bc%20b.bpmn`, 'n', 'ü b.bpmn'],
    [`name=n; filename=a.bpmn; filename*=utf-8''%ff`, 'n', 'a.bpmn'],
    ['name="n"; filename="a \\"b\\" \\\\.bpmn"', 'n', 'a "b" \\.bpmn'],
    ['filename="a; name=m"; name="n"', 'n', 'a; name=m'],
    ['name="n"; filename=""', 'n', ''],
    ['NAME = "n"', 'n', undefined],
  ])('%s', (disposition, name, fileName) => {
    const [part] = readForm(named(disposition), type);
    expect(part).toMatchObject({ name, content: Buffer.from('content') });
    expect(part?.fileName).toBe(fileName);
  });

  it('takes text in front and behind, and any spelling', () => {
    const bytes = form(
      'in front',
      '----x  ',
      'CONTENT-TYPE: text/plain; charset=utf-8',
      'content-disposition:form-data;name=a',
      'X-More: ;name=b',
      '',
      '1',
      '----x--',
      'behind',
    );
    expect(readForm(bytes, 'Multipart/Form-Data; charset=utf-8; Boundary="--x"')).toEqual([
      { name: 'a', type: 'text/plain; charset=utf-8', content: Buffer.from('1') },
    ]);
  });

  it.each<[string, Buffer, string, string]>([
    ['another content type', form('{}'), 'application/json', 'no content type'],
    ['no boundary', form('----x--'), 'multipart/form-data', 'no content type'],
    ['nothing', form(''), type, 'ends in the middle'],
    ['no end', form('----x', 'Content-Disposition: form-data; name=a', '', 'x'), type, 'ends in the middle'],
    ['no content', form('----x', 'Content-Disposition: form-data; name=a'), type, 'ends in the middle'],
    ['a part without a name', form('----x', '', 'x', '----x--'), type, 'no name'],
    ['endless headers', form('----x', 'a'.repeat(20_000), '', 'x', '----x--'), type, 'too long'],
  ])('%s is refused', (_what, bytes, contentType, reason) => {
    expect(() => readForm(bytes, contentType)).toThrow(SyntaxError);
    expect(() => readForm(bytes, contentType)).toThrow(reason);
  });
});
