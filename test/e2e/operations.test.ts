/**
 * Every operation on each provider, as its template writes it, on an engine with the real worker, against an
 * upstream that keeps every request for the contract.
 */
import { applyTemplate, type Filled } from '../../dev/examples/apply-template';
import { processXml } from '../../dev/examples/process';
import type { Operation } from '../../src/operations/kit/operation';
import { operations } from '../../src/operations/registry';
import { azureOpenai } from '../../src/providers/azure-openai';
import { openai } from '../../src/providers/openai';
import { buildTemplate, offeredOperations } from '../../src/templates/build';
import type { ElementTemplate } from '../../src/templates/template';
import { templateVersions } from '../../src/templates/versions';
import { contractFaults, newerThanAzureDocument, type Captured } from '../support/contract';
import { startHttpServer, type Answer, type HttpServer, type ReceivedRequest } from '../support/http-server';
import { sampleDocuments } from '../support/sample-documents';
import { recorded } from '../support/recorded-answers';
import { startWorker, type WorkerProcess } from '../support/worker-process';
import { recordedZeebe, uniqueId, type RecordedZeebe } from '../support/zeebe';

jest.setTimeout(240_000);

const providers = [openai, azureOpenai];

const json = (body: unknown): Answer => ({
  headers: [['Content-Type', 'application/json']],
  body: JSON.stringify(body),
});
const filledForm = '{"category":"complaint"}';

/** An answer of the kind the path has. */
function answer({ url, body }: ReceivedRequest): Answer {
  const path = url.split('?')[0]!;
  const text = body.toString('latin1');
  const structured = text.includes('"json_schema"');
  if (path.endsWith('/chat/completions')) {
    const content = structured ? filledForm : 'Hello';
    return json({
      model: 'm',
      choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
    });
  }
  if (/\/responses(\/|$)/.test(path)) {
    const content = [{ type: 'output_text', text: structured ? filledForm : 'Hello' }];
    return json({
      id: 'resp_1',
      object: 'response',
      status: 'completed',
      output: [{ type: 'message', content }],
    });
  }
  if (path.endsWith('/completions')) return json(recorded('completions').response.body);
  if (path.endsWith('/embeddings')) return json(recorded('embeddings-float').response.body);
  if (path.includes('/images/')) return json({ data: [{ b64_json: 'cG5n' }] });
  if (path.endsWith('/audio/speech'))
    return { headers: [['Content-Type', 'audio/mpeg']], body: Buffer.from('mp3') };
  if (path.includes('/audio/')) return json({ text: 'Hello' });
  if (path.endsWith('/content')) return { headers: [['Content-Type', 'text/plain']], body: '{"a":1}\n' };
  if (path.endsWith('/models')) return json({ data: [{ id: 'gpt-5.4' }] });
  if (path.endsWith('/moderations')) return json({ results: [{ flagged: false, categories: {} }] });
  return json({ id: 'id-1', status: 'ok', deleted: true });
}

/** Documents as contexts with their content, which any engine takes. */
function inline(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inline);
  if (typeof value !== 'object' || value === null) return value;
  const { documentId } = value as { documentId?: keyof typeof sampleDocuments };
  if (documentId !== undefined) {
    return { content: sampleDocuments[documentId].toString('base64'), fileName: documentId };
  }
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, inline(member)]));
}

/** What a person would type and choose for an input. */
function filledFor(template: ElementTemplate, operation: Operation, input: Record<string, unknown>): Filled {
  const filled: Record<string, string | number | boolean> = { operation: operation.id };
  if ('model' in input) filled['modelSource'] = 'name';
  if ('messages' in input) filled['messageSource'] = 'messages';
  if ('items' in input) filled['messageSource'] = 'messages';
  if ('body' in input) filled['bodySource'] = 'data';
  if ('formData' in input) filled['bodySource'] = 'form';
  for (const [name, value] of Object.entries(input)) {
    const fields = template.properties.filter(
      ({ binding }) => binding.type === 'zeebe:input' && binding.name === `input.${name}`,
    );
    const isChoice = fields.some(({ type }) => type === 'Dropdown') && name !== 'model';
    const isPlain = isChoice || typeof value === 'number' || typeof value === 'boolean';
    filled[`input.${name}`] = isPlain ? (value as string) : `=${JSON.stringify(inline(value))}`;
  }
  return filled;
}

describe.each(providers.map((provider) => [provider.label, provider] as const))('%s', (_label, provider) => {
  const isAzure = provider.id === 'azure-openai';
  const template = buildTemplate({ version: templateVersions[provider.id], provider, operations });
  const jobType = uniqueId(provider.id);
  let zeebe: RecordedZeebe & { close(): Promise<void> };
  let upstream: HttpServer;
  let worker: WorkerProcess;

  beforeAll(async () => {
    zeebe = await recordedZeebe();
    upstream = await startHttpServer(answer);
    worker = await startWorker({
      ZEEBE_REST_ADDRESS: zeebe.restAddress,
      CONNECTOR_HTTP_REST_ENABLED: 'false',
      [isAzure ? 'CONNECTOR_AZURE_OPENAI_TYPE' : 'CONNECTOR_OPENAI_TYPE']: jobType,
      [isAzure ? 'CONNECTOR_OPENAI_ENABLED' : 'CONNECTOR_AZURE_OPENAI_ENABLED']: 'false',
      CONNECTOR_OPENAI_BASE_URL: `${upstream.url}/v1`,
      SECRET_OPENAI_API_KEY: 'sk-test',
      SECRET_AZURE_OPENAI_ENDPOINT: upstream.url,
      SECRET_AZURE_OPENAI_API_KEY: 'key',
      SECRET_KEY: 'claims',
    });
  });
  afterAll(async () => {
    await worker?.stop();
    await upstream?.close();
    await zeebe?.close();
  });

  async function run(operation: Operation, kind: string, input: Record<string, unknown>): Promise<void> {
    const fields = Object.keys(operation.input);
    const own = Object.entries(input).filter(([name, value]) => {
      const unfit = isAzure ? [...newerThanAzureDocument, 'model', 'serviceTier'] : ['perDeployment'];
      const other = isAzure ? ['safetyIdentifier', 'promptCacheKey', 'webSearchOptions'] : [];
      return (
        fields.includes(name) && ![...unfit, ...other].includes(name) && value !== undefined && value !== ''
      );
    });
    const filled: Filled = {
      ...filledFor(template, operation, Object.fromEntries(own)),
      ...(isAzure && 'model' in operation.input ? { 'connection.deployment': 'my-deployment' } : {}),
      resultVariable: 'whole',
      retries: '1',
    };
    const id = uniqueId(`${operation.id}-${kind.replace(' ', '-')}`);
    const extensions = { ...applyTemplate(template, filled), type: jobType };
    const xml = processXml({
      id,
      name: id,
      documentation: '',
      nodes: [
        { kind: 'start', id: 'start', name: '', at: [0, 0] },
        { kind: 'service', id: 'task', name: 'Task', at: [1, 0], extensions },
        { kind: 'end', id: 'end', name: '', at: [2, 0] },
      ],
      flows: [
        { from: 'start', to: 'task' },
        { from: 'task', to: 'end' },
      ],
    });
    await zeebe.deploy(xml);
    const outcome = await zeebe.records.outcome(await zeebe.createInstance(id, {}));
    expect([operation.id, kind, outcome.outcome, outcome.incident?.errorMessage]).toEqual([
      operation.id,
      kind,
      'completed',
      undefined,
    ]);
    expect(outcome.variables['whole']).toMatchObject({ status: 200 });
  }

  test.each(
    offeredOperations(operations, provider.id).map((operation) => [operation.id, operation] as const),
  )('%s obeys the contract with minimal, typical and all-fields inputs', async (id, operation) => {
    const { minimal, typical, all } = operation.examples;
    upstream.restart(answer);
    await run(operation, 'minimal', minimal);
    await run(operation, 'typical', typical);
    for (const [index, input] of all.entries()) await run(operation, `all ${index + 1}`, input);

    const captured = upstream.requests.map(({ method, url, headers, body }, index): Captured => ({
      name: `${id} ${index + 1}`,
      method,
      url: upstream.url + url,
      headers: Object.fromEntries(headers),
      ...(body.length === 0 ? {} : { body: body.toString('latin1') }),
    }));
    expect(captured.length).toBeGreaterThanOrEqual(all.length + 2);
    expect(contractFaults(captured)).toEqual([]);
  });
});
