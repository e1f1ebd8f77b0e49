import type { HttpExecute } from '../../../src/http/request';
import { isJsonObject, parseJson, type JsonObject } from '../../../src/json/json';
import { References } from '../../../src/rest-connector/references';
import { buildPorts } from '../../support/job-builders';

const contents: Readonly<Record<string, string>> = { text: 'héllo', json: '{"a":{"b":1.0}}' };
const fetch: HttpExecute = ({ url }) =>
  Promise.resolve({
    status: url.includes('missing') ? 404 : 200,
    reason: '',
    headers: [['Content-Type', 'text/plain']],
    body: Buffer.from('external'),
  });

function resolve(json: string): Promise<JsonObject> {
  const variables = parseJson(json);
  if (!isJsonObject(variables)) throw new Error('not an object');
  const references = new References(
    buildPorts({
      fetch,
      documents: {
        download: ({ documentId = '' }) => Promise.resolve(Buffer.from(contents[documentId] ?? '')),
        upload: () => Promise.reject(new Error('not expected')),
      },
    }),
  );
  return references.resolveInput(variables);
}

const document = (id: string): string => `{"camunda.document.type":"camunda","documentId":"${id}"}`;
const call = (name: string, ...params: string[]): string =>
  `{"camunda.function.type":"${name}","params":[${params.join(',')}]}`;

describe('a document', () => {
  it('becomes base64 where text is wanted', async () => {
    expect(await resolve(`{"url":${document('text')},"headers":{"a":${document('text')}}}`)).toEqual({
      url: 'aMOpbGxv',
      headers: { a: 'aMOpbGxv' },
    });
  });

  it('stays a reference in the body', async () => {
    const text = `{"body":{"a":[${document('text')}]}}`;
    expect(await resolve(text)).toEqual(JSON.parse(text));
  });

  it('may be written as clusters of 8.6 do, which other data is not taken for', async () => {
    const reference = '{"documentType":"camunda","storeId":"s","documentId":"text"}';
    expect(await resolve(`{"url":${reference}}`)).toEqual({ url: 'aMOpbGxv' });
    const invoice = '{"body":{"a":{"documentType":"invoice","documentId":"1"}}}';
    expect(await resolve(invoice)).toEqual(JSON.parse(invoice));
  });

  it('may live elsewhere', async () => {
    const external = '{"camunda.document.type":"external","url":"http://x/f","name":"f"}';
    expect(await resolve(`{"url":${external}}`)).toEqual({ url: Buffer.from('external').toString('base64') });
    await expect(resolve(`{"url":${external.replace('/f', '/missing')}}`)).rejects.toThrow(/status 404/);
  });

  it('of an unknown kind is an input error that names its place', async () => {
    await expect(resolve('{"body":{"file":{"camunda.document.type":"fax"}}}')).rejects.toMatchObject({
      message: 'Json object contains an invalid field: body, file',
      retry: { kind: 'never' },
    });
  });
});

describe('an intrinsic function', () => {
  it.each([
    [call('base64', '"Hello World"'), 'SGVsbG8gV29ybGQ='],
    [call('base64', document('text')), 'aMOpbGxv'],
    [call('getText', document('text')), 'héllo'],
    [call('getText', document('text'), '"ISO-8859-1"'), 'hÃ©llo'],
    [call('base64', call('base64', '"x"')), 'ZUE9PQ=='],
  ])('%s gives %s', async (json, text) => {
    expect(await resolve(`{"authentication":{"token":${json}}}`)).toEqual({
      authentication: { token: text },
    });
  });

  it('may give data in the body', async () => {
    expect(await resolve(`{"body":{"j":${call('getJson', document('json'), '"=a"')}}}`)).toEqual({
      body: { j: { b: 1 } },
    });
  });

  it('must give a text where one is wanted', async () => {
    await expect(resolve(`{"url":${call('getJson', document('json'))}}`)).rejects.toThrow(/must give a text/);
  });

  it.each([
    [call('createLink', document('text')), /createLink of body.a is not available/],
    [call('base64', '1'), /first parameter/],
    [call('getJson', document('text')), /is not JSON/],
  ])('%s fails with a reason', async (json, reason) => {
    await expect(resolve(`{"body":{"a":${json}}}`)).rejects.toThrow(reason);
  });

  it('may be called ten times per job', async () => {
    const list = (count: number): string =>
      `{"body":[${Array(count).fill(call('base64', '"x"')).join(',')}]}`;
    await expect(resolve(list(10))).resolves.toBeDefined();
    await expect(resolve(list(11))).rejects.toThrow(/at most 10/);
  });
});
