/** The mock's own doors in front of the library: keys checked in each API's own words, and the endpoints the library lacks. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Mountable } from '@copilotkit/aimock';
import { isFields, lastUserText } from './answers';
import {
  azureError,
  azurePromptRefused,
  azureThrottled,
  chatCompletion,
  chatStream,
  messagesOf,
  moderation,
  openAiError,
  textCompletion,
  type Answer,
} from './shapes';

type Fields = Readonly<Record<string, unknown>>;

const throttleHintMs = 300;
/** What Azure's filter is made to refuse. */
const refusedPrompt = /\bbomb\b|\bpoison\b|\bweapon\b/i;

/** OpenAI under `/v1`. What is not answered here goes on to the library. */
export function openAiMount(apiKeys: ReadonlySet<string>): Mountable {
  return mount(async (request, path) => {
    const key = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (key === undefined) {
      return openAiError(401, 'invalid_request_error', null, "You didn't provide an API key.");
    }
    if (!apiKeys.has(key)) {
      return openAiError(401, 'invalid_request_error', 'invalid_api_key', 'Incorrect API key provided.');
    }
    if (request.method !== 'POST') return undefined;
    if (path === '/completions') {
      return withBody(request, (body) => ({ status: 200, body: textCompletion(body, modelOf(body)) }));
    }
    if (path === '/moderations') {
      return withBody(request, (body) => ({ status: 200, body: moderation(body) }));
    }
    return undefined;
  });
}

/**
 * Azure OpenAI under `/openai`. Deployments with a meaning: `missing` is not there, `throttled` refuses each new request once.
 * A prompt about bombs, poison or weapons is filtered.
 */
export function azureMount(apiKeys: ReadonlySet<string>): Mountable {
  const throttledOnce = new Set<string>();
  return mount(async (request, path) => {
    const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    const key = request.headers['api-key'] ?? bearer;
    if (typeof key !== 'string' || !apiKeys.has(key)) {
      return azureError(
        401,
        '401',
        'Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an ' +
          'active subscription and use a correct regional API endpoint for your resource.',
      );
    }
    const [, named, dated] = /^\/deployments\/([^/]+)(\/.+)$/.exec(path) ?? [];
    const operation = dated ?? path.replace(/^\/v1/, '');
    if (named !== undefined && !new URL(request.url ?? '/', 'http://mock').searchParams.has('api-version')) {
      return azureError(404, '404', 'Resource not found');
    }
    if (operation !== '/chat/completions' && operation !== '/completions') return undefined;
    return withBody(request, (body, text) => {
      const deployment = named ?? modelOf(body);
      if (deployment === 'missing') {
        return azureError(404, 'DeploymentNotFound', 'The API deployment for this resource does not exist.');
      }
      if (deployment === 'throttled' && !throttledOnce.delete(text)) {
        throttledOnce.add(text);
        return azureThrottled(throttleHintMs);
      }
      if (refusedPrompt.test(promptOf(body))) return azurePromptRefused();
      if (operation === '/completions') return { status: 200, body: textCompletion(body, deployment) };
      return chatAnswer(body, deployment);
    });
  });
}

function chatAnswer(body: Fields, model: string): Answer {
  const completion = chatCompletion(body, model, true);
  if (body['stream'] !== true) return { status: 200, body: completion };
  const options = body['stream_options'];
  return {
    status: 200,
    headers: { 'content-type': 'text/event-stream' },
    body: chatStream(completion, isFields(options) && options['include_usage'] === true),
  };
}

function mount(handle: (request: IncomingMessage, path: string) => Promise<Answer | undefined>): Mountable {
  return {
    async handleRequest(request, response, path) {
      const answer = await handle(request, path);
      if (answer) send(response, answer);
      return answer !== undefined;
    },
  };
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    ...headers,
  });
  response.end(text);
}

async function withBody(
  request: IncomingMessage,
  use: (body: Fields, text: string) => Answer,
): Promise<Answer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  try {
    const body: unknown = JSON.parse(text);
    if (isFields(body)) return use(body, text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return openAiError(400, 'invalid_request_error', null, 'We could not parse the JSON body of your request.');
}

function modelOf(body: Fields): string {
  return typeof body['model'] === 'string' ? body['model'] : 'gpt-3.5-turbo-instruct';
}

function promptOf(body: Fields): string {
  const prompt = body['prompt'];
  if (prompt === undefined) return lastUserText(messagesOf(body));
  return (Array.isArray(prompt) ? prompt : [prompt]).map(String).join('\n');
}
