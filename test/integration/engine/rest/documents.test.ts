import { form, ServedEngine } from './served-engine';

let served: ServedEngine;
beforeEach(async () => {
  served = await ServedEngine.start();
});
afterEach(async () => {
  expect(served.errors).toEqual([]);
  await served.close();
});

describe('documents', () => {
  const upload = (parts: Parameters<typeof form>, query = '') =>
    served.post(`/v2/documents${query}`, form(...parts));
  const file = ['file', new Blob([Buffer.from([0, 1, 255])], { type: 'image/png' }), 'a.png'] as const;

  it('come back as they were, with what is known of them', async () => {
    const metadata = JSON.stringify({
      fileName: 'b.png',
      customProperties: { big: 1 },
      processInstanceKey: '2251799813685249',
    }).replace(':1}', ':9007199254740993}');
    const { status, json, text } = await upload(
      [file, ['metadata', metadata]],
      '?documentId=d1&storeId=local',
    );
    expect(status).toBe(201);
    expect(json).toMatchObject({
      'camunda.document.type': 'camunda',
      storeId: 'local',
      documentId: 'd1',
      metadata: {
        contentType: 'image/png',
        fileName: 'b.png',
        size: 3,
        expiresAt: null,
        processDefinitionId: null,
        processInstanceKey: '2251799813685249',
      },
    });
    expect(text).toContain('{"big":9007199254740993}');
    const hash = json['contentHash'] as string;
    const response = await fetch(`${served.url}/v2/documents/d1?storeId=local&contentHash=${hash}`);
    expect(response.headers.get('content-type')).toBe('image/png');
    expect(Buffer.from(await response.arrayBuffer())).toEqual(Buffer.from([0, 1, 255]));
    expect(await served.get('/v2/documents/d1?contentHash=other')).toMatchObject({ status: 400 });
  });

  it('metadata may be a file of its own, or absent', async () => {
    const asFile = ['metadata', new Blob(['{"contentType":"text/x"}']), 'metadata.json'] as const;
    expect((await upload([file, asFile])).json).toMatchObject({ metadata: { contentType: 'text/x' } });
    expect((await upload([file])).json).toMatchObject({ metadata: { fileName: 'a.png' } });
  });

  it.each<[string, Parameters<typeof form>, string, number]>([
    ['no file', [['metadata', '{}']], '', 400],
    ['a text as the file', [['file', 'text']], '', 400],
    ['broken metadata', [file, ['metadata', '{']], '', 400],
    ['another store', [file], '?storeId=gcp', 400],
    ['a date that is none', [file, ['metadata', '{"expiresAt":"soon"}']], '', 400],
    ['more than 32 MB', [['file', new Blob([Buffer.alloc(33 * 1024 * 1024)]), 'a']], '', 413],
  ])('with %s are refused', async (_what, parts, query, status) => {
    expect(await upload(parts, query)).toMatchObject({ status });
  });

  it('exist once, and are gone when deleted', async () => {
    expect(await upload([file], '?documentId=d')).toMatchObject({ status: 201 });
    expect(await upload([file], '?documentId=d')).toMatchObject({ status: 409 });
    const remove = () => served.send('DELETE', '/v2/documents/d');
    expect(await remove()).toMatchObject({ status: 204 });
    expect(await remove()).toMatchObject({ status: 404 });
    expect(await served.get('/v2/documents/d')).toMatchObject({ status: 404 });
  });
});
