/** Questions about records, asked of a server that hands them out as an engine does and can be away. */
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { RecordFeed, followRecords } from '../../../dev/engine/record-feed';
import { Records } from '../../../dev/engine/records';

let records: string[];
let asked: string[];
let answer: (after: number, response: ServerResponse) => void;
let server: Server;
let address: string;

const handOut = (after: number, response: ServerResponse): void => {
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  response.end(records.slice(after).join(''));
};

/** Adds a record as the engine writes it, with the next position. */
function write(fields: Record<string, unknown>): void {
  const position = records.length + 1;
  records.push(
    `${JSON.stringify({ position, timestamp: position, recordType: 'EVENT', value: {}, ...fields })}\n`,
  );
}

const job = (key: string, intent: string, value: Record<string, unknown> = {}): void =>
  write({ key, valueType: 'JOB', intent, value: { type: 'chat', processInstanceKey: '1', ...value } });

async function listen(port = 0): Promise<void> {
  server = createServer(({ url = '' }, response) => {
    asked.push(url);
    answer(Number(new URL(url, address).searchParams.get('after')), response);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function goAway(): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

beforeEach(async () => {
  records = [];
  asked = [];
  answer = handOut;
  await listen();
});
afterEach(goAway);

describe('the feed of records', () => {
  it('fetches each record once', async () => {
    const feed = new RecordFeed(address);
    job('10', 'CREATED');
    expect(await feed.next()).toHaveLength(1);
    job('10', 'COMPLETED');
    job('11', 'CREATED');
    expect(await feed.next()).toHaveLength(2);
    expect(await feed.next()).toEqual([]);
    expect(asked).toEqual(['/records?after=0', '/records?after=1', '/records?after=3']);
  });

  it('goes on asking where an answer was so long that it may have been cut', async () => {
    const feed = new RecordFeed(address);
    for (let index = 0; index < 5; index += 1)
      job(String(index), 'CREATED', { variables: { a: 'x'.repeat(600_000) } });
    answer = (after, response) => response.end(records.slice(after, after + 2).join(''));
    expect(await feed.next()).toHaveLength(5);
  });

  it('an answer cut off by the end of the engine counts for nothing', async () => {
    const feed = new RecordFeed(address);
    job('10', 'CREATED');
    job('11', 'CREATED');
    answer = (_after, response) => {
      response.writeHead(200);
      response.write(`${records[0]}{"position":2,"ti`, () => response.destroy());
    };
    expect(await feed.next()).toEqual([]);
    answer = handOut;
    expect(await feed.next()).toHaveLength(2);
  });

  it('a refusal is an error that names the address', async () => {
    answer = (_after, response) => void response.writeHead(404).end('The local engine has no /records');
    await expect(new RecordFeed(address).next()).rejects.toThrow(
      `GET ${address}/records?after=0: 404 The local`,
    );
  });

  it('can be followed, until it is stopped', async () => {
    const taken: string[] = [];
    job('10', 'CREATED');
    const following = followRecords(address, (record) => taken.push(record));
    while (taken.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await following.stop();
    job('10', 'COMPLETED');
    expect(taken).toHaveLength(1);
  });

  it('whoever stops following hears of what went wrong', async () => {
    answer = (_after, response) => void response.writeHead(500).end('broken');
    const following = followRecords(address, () => undefined);
    while (asked.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await expect(following.stop()).rejects.toThrow('500 broken');
  });
});

describe('questions about records', () => {
  it('while the engine is away what is known stays known; when it is back the rest follows', async () => {
    const questions = new Records(address);
    const { port } = server.address() as AddressInfo;
    job('10', 'CREATED');
    expect(await questions.jobEvents({ jobType: 'chat' })).toHaveLength(1);
    await goAway();
    expect(await questions.jobEvents({ jobType: 'chat' })).toHaveLength(1);
    const later = questions.waitForCount({ jobType: 'chat', intent: 'COMPLETED' }, 1, 5_000);
    job('10', 'COMPLETED');
    await listen(port);
    expect((await later).map(({ key }) => key)).toEqual(['10']);
  });

  it('questions asked together share one request', async () => {
    const questions = new Records(address);
    await Promise.all([questions.find({}), questions.find({}), questions.find({})]);
    expect(asked).toHaveLength(1);
  });

  it('what is not seen in time is an error that tells what was', async () => {
    job('10', 'CREATED');
    await expect(new Records(address).waitForCount({ jobType: 'chat' }, 2, 50)).rejects.toThrow(
      /Not seen within 50 ms: .*Seen: EVENT JOB CREATED/,
    );
  });

  it('the outcome of an instance has its variables and the elements that completed', async () => {
    const element = (key: string, elementId: string, intent: string): void =>
      write({ key, valueType: 'PROCESS_INSTANCE', intent, value: { processInstanceKey: '1', elementId } });
    write({
      key: '5',
      valueType: 'VARIABLE',
      intent: 'CREATED',
      value: { name: 'answer', value: '{"n":1}', scopeKey: '1', processInstanceKey: '1' },
    });
    element('2', 'start', 'ELEMENT_COMPLETED');
    element('1', 'process', 'ELEMENT_COMPLETED');
    expect(await new Records(address).outcome('1')).toEqual({
      outcome: 'completed',
      variables: { answer: { n: 1 } },
      completedElements: ['start'],
    });
  });

  it('an incident is an outcome unless it is resolved or to be ignored', async () => {
    const incident = (intent: string): void =>
      write({
        key: '9',
        valueType: 'INCIDENT',
        intent,
        value: { processInstanceKey: '1', errorType: 'JOB_NO_RETRIES', errorMessage: 'no luck' },
      });
    const questions = new Records(address);
    incident('CREATED');
    expect(await questions.outcome('1')).toMatchObject({
      outcome: 'incident',
      incident: { key: '9', errorType: 'JOB_NO_RETRIES', errorMessage: 'no luck' },
    });
    await expect(questions.outcome('1', { ignoreIncidents: true, timeoutMs: 30 })).rejects.toThrow(
      'Not seen',
    );
    incident('RESOLVED');
    await expect(questions.outcome('1', { timeoutMs: 30 })).rejects.toThrow('Not seen');
  });

  it('a job is locked from its activation until it ends, fails or times out', async () => {
    const questions = new Records(address);
    const activated = (...jobKeys: string[]): void =>
      write({
        key: '-1',
        valueType: 'JOB_BATCH',
        intent: 'ACTIVATED',
        value: { type: 'chat', worker: 'w', jobKeys },
      });
    activated('9007199254740993', '11', '12');
    job('11', 'COMPLETED');
    job('12', 'TIMED_OUT');
    expect(await questions.lockedJobs('chat')).toEqual(['9007199254740993']);
    activated('12');
    expect(await questions.lockedJobs('chat')).toEqual(['9007199254740993', '12']);
    expect((await questions.activations('chat')).map(({ jobKey }) => jobKey)).toEqual([
      '9007199254740993',
      '11',
      '12',
      '12',
    ]);
  });

  it('refused commands are not taken for events', async () => {
    const questions = new Records(address);
    job('10', 'CREATED');
    write({
      key: '10',
      recordType: 'COMMAND_REJECTION',
      valueType: 'JOB',
      intent: 'COMPLETE',
      rejectionType: 'NOT_FOUND',
      value: { type: 'chat' },
    });
    expect(await questions.countJobEvents({ jobType: 'chat' })).toEqual({ CREATED: 1 });
    expect(await questions.refusedJobCommands({ jobType: 'chat' })).toHaveLength(1);
  });
});
