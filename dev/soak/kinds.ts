/** The kinds of jobs a soak is mixed of: a process each, and what must become of its jobs. Pure. */

/** What the engine's records say when a job of the kind has come to its end. */
export type End = 'COMPLETED' | 'ERROR_THROWN' | 'CANCELED' | 'INCIDENT';

export interface Kind {
  /** Process id, model name and first segment of the upstream's path. */
  readonly name: string;
  readonly family: 'chat' | 'rest';
  /** Of every 40 jobs. */
  readonly share: number;
  readonly end: End;
  readonly stream?: true;
  readonly options?: Readonly<Record<string, string>>;
  readonly resultExpression?: string;
  /** Code of the boundary event. */
  readonly catches?: string;
  /** The instance is cancelled so long after its start. */
  readonly cancelAfterMs?: number;
}

export const kinds: readonly Kind[] = [
  { name: 'chat', family: 'chat', share: 10, end: 'COMPLETED' },
  { name: 'rest', family: 'rest', share: 8, end: 'COMPLETED' },
  { name: 'streamed-chat', family: 'chat', share: 6, end: 'COMPLETED', stream: true },
  { name: 'large-chat', family: 'chat', share: 2, end: 'COMPLETED' },
  { name: 'large-rest', family: 'rest', share: 1, end: 'COMPLETED' },
  { name: 'short-hint', family: 'chat', share: 2, end: 'COMPLETED' },
  { name: 'long-hint', family: 'chat', share: 2, end: 'COMPLETED' },
  { name: 'server-error', family: 'chat', share: 2, end: 'COMPLETED' },
  { name: 'reset', family: 'chat', share: 2, end: 'COMPLETED' },
  { name: 'slow', family: 'chat', share: 1, end: 'COMPLETED' },
  {
    name: 'refused',
    family: 'chat',
    share: 2,
    end: 'ERROR_THROWN',
    options: { onRefusal: 'bpmnError' },
    catches: 'REFUSED',
  },
  {
    name: 'bad-result',
    family: 'chat',
    share: 1,
    end: 'INCIDENT',
    resultExpression: '={length: ',
  },
  { name: 'cancelled', family: 'chat', share: 1, end: 'CANCELED', cancelAfterMs: 1_500 },
];

/** One round of jobs, the kinds spread over it. */
export function round(): Kind[] {
  const places = kinds.flatMap((kind) =>
    Array.from({ length: kind.share }, (_, index) => ({ kind, at: (index + 0.5) / kind.share })),
  );
  return places.sort((left, right) => left.at - right.at).map(({ kind }) => kind);
}

export const jobTypes = { chat: 'soak-chat', rest: 'soak-rest' } as const;

/** The process of a kind: one task, and an end behind the boundary event where the kind has one. */
export function processOf(kind: Kind, upstreamUrl: string): string {
  const { name, family, catches } = kind;
  const answer = family === 'chat' ? 'response.text' : 'response.body.choices[1].message.content';
  const resultExpression = kind.resultExpression ?? `={length: string length(${answer})}`;
  const boundary =
    catches === undefined
      ? ''
      : `<bpmn:boundaryEvent id="catch" attachedToRef="task"><bpmn:outgoing>caught</bpmn:outgoing><bpmn:errorEventDefinition errorRef="error"/></bpmn:boundaryEvent>
<bpmn:endEvent id="caught-end"/><bpmn:sequenceFlow id="caught" sourceRef="catch" targetRef="caught-end"/>`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="definitions" targetNamespace="soak">
<bpmn:process id="${name}" isExecutable="true"><bpmn:startEvent id="start"/>
<bpmn:serviceTask id="task"><bpmn:extensionElements><zeebe:taskDefinition type="${jobTypes[family]}" retries="3"/>
<zeebe:ioMapping>${inputsOf(kind, upstreamUrl).map(input).join('')}</zeebe:ioMapping>
<zeebe:taskHeaders><zeebe:header key="resultExpression" value="${attribute(resultExpression)}"/><zeebe:header key="retryBackoff" value="PT1S"/></zeebe:taskHeaders>
</bpmn:extensionElements></bpmn:serviceTask><bpmn:endEvent id="end"/>
<bpmn:sequenceFlow id="in" sourceRef="start" targetRef="task"/><bpmn:sequenceFlow id="out" sourceRef="task" targetRef="end"/>
${boundary}</bpmn:process>
${catches === undefined ? '' : `<bpmn:error id="error" errorCode="${catches}"/>`}
</bpmn:definitions>`;
}

function inputsOf({ name, family, stream, options = {} }: Kind, upstreamUrl: string): [string, string][] {
  if (family === 'rest') {
    return [
      ['method', 'POST'],
      ['url', `${upstreamUrl}/${name}/v1/chat/completions`],
      ['authentication.type', 'bearer'],
      ['authentication.token', '{{secrets.OPENAI_API_KEY}}'],
      ['body', '={model: "gpt-5-mini", messages: [{role: "user", content: prompt}]}'],
    ];
  }
  return [
    ['connection.apiKey', '{{secrets.OPENAI_API_KEY}}'],
    ['connection.baseUrl', `${upstreamUrl}/${name}/v1`],
    ['operation', 'chatCompletion'],
    // Rate limits belong to a model: each kind has its own, or one kind's limit would hold back the others.
    ['input.model', name],
    ['input.prompt', '=prompt'],
    ...(stream ? [['options.stream', '=true'] as [string, string]] : []),
    ...Object.entries(options).map(([option, value]): [string, string] => [`options.${option}`, value]),
  ];
}

function input([target, source]: [string, string]): string {
  return `<zeebe:input source="${attribute(source)}" target="${target}"/>`;
}

function attribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
