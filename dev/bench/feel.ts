/**
 * Evaluations per second of typical expressions: ours against feelin. `npm run bench:feel`
 * "json": the context as JSON text in, the result as JSON text out, as the worker does it.
 * "prepared": expression and context were read before. feelin has no prepared form; it gets plain objects.
 */
import { evaluateJson, parseContext, prepare } from '../../src/feel';

interface Subject {
  readonly name: string;
  readonly expression: string;
  readonly context: object;
  /** What the engine inside the Java runtime does on a warm JVM, JSON in and out; measured once, for orientation. */
  readonly java: number;
}

const answer = {
  status: 200,
  headers: { 'content-type': 'application/json', 'x-request-id': 'req_1' },
  body: {
    id: 'chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT',
    object: 'chat.completion',
    created: 1741569952,
    model: 'gpt-4.1-2025-04-14',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: 'Hello! How can I assist you today?', refusal: null },
        finish_reason: 'stop',
      },
    ],
    usage: { prompt_tokens: 19, completion_tokens: 10, total_tokens: 29 },
  },
};
const rows = Array.from({ length: 1000 }, (_, i) => ({
  id: i,
  name: `row ${i}`,
  amount: (i * 37) % 101,
  open: i % 3 === 0,
}));

const SUBJECTS: readonly Subject[] = [
  {
    name: 'result, two paths',
    expression:
      '{answer: response.body.choices[1].message.content, tokens: response.body.usage.total_tokens}',
    context: { ...answer, response: answer },
    java: 36_600,
  },
  {
    name: 'error, if / else, bpmnError',
    expression:
      'if error.code = "429" then jobError("rate limited", {}, job.retries - 1, @"PT30S") else if matches(error.message, "content_filter") then bpmnError("FILTERED", error.message) else null',
    context: {
      error: {
        code: '400',
        message: 'The response was filtered: content_filter',
        variables: { response: answer },
      },
      job: { retries: 3 },
    },
    java: 35_400,
  },
  {
    name: 'for over 1,000',
    expression: 'for row in rows return row.amount * 2 + 1',
    context: { rows },
    java: 309,
  },
  {
    name: 'filter, path, sum over 1,000',
    expression: '{sum: sum(rows[open = true].amount), count: count(rows[amount > 50])}',
    context: { rows },
    java: 174,
  },
  {
    name: 'context merge, get or else',
    expression: 'context merge(response.body.usage, {model: get or else(response.body.model, "none")})',
    context: { ...answer, response: answer },
    java: 20_700,
  },
  {
    name: 'split, join, string length',
    expression: 'string length(string join(split(response.body.choices[1].message.content, "\\s+"), "-"))',
    context: { ...answer, response: answer },
    java: 21_600,
  },
  { name: '1 + 2 * 3', expression: '1 + 2 * 3', context: {}, java: 435_000 },
];

const WARM_UP_MS = 200;
const MEASURED_MS = 1_000;

function during(milliseconds: number, action: () => unknown): number {
  const start = performance.now();
  let count = 0;
  let elapsed: number;
  do {
    for (let i = 0; i < 10; i++) action();
    count += 10;
    elapsed = performance.now() - start;
  } while (elapsed < milliseconds);
  return (count * 1000) / elapsed;
}

function perSecond(action: () => unknown): number {
  during(WARM_UP_MS, action);
  return during(MEASURED_MS, action);
}

function rounded(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(1);
}

async function main(): Promise<void> {
  const feelin = await import('feelin');
  const table = SUBJECTS.map(({ name, expression, context, java }) => {
    const json = JSON.stringify(context);
    const prepared = prepare(expression);
    const parsed = parseContext(json);
    const ours = perSecond(() => evaluateJson(expression, json));
    const fast = perSecond(() => evaluateJson(prepared, parsed));
    const functions = { bpmnError: () => ({}), jobError: () => ({}) };
    let theirs: number | undefined;
    try {
      theirs = perSecond(() => feelin.evaluate(expression, { ...context, ...functions }));
    } catch {
      // Not every expression is one to feelin.
      theirs = undefined;
    }
    return {
      expression: name,
      'ours, json': rounded(ours),
      'ours, prepared': rounded(fast),
      feelin: theirs === undefined ? '-' : rounded(theirs),
      'prepared / feelin': theirs === undefined ? '-' : rounded(fast / theirs),
      'Java runtime': rounded(java),
      'json / Java': (ours / java).toFixed(1),
    };
  });
  console.log('Evaluations per second');
  console.table(table);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
