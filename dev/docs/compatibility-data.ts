/** Where jobs of Camunda's REST connector are deliberately treated otherwise than by the Java runtime 8.9.7, and why. */
import type { Expectation } from '../../test/support/rest-vectors';

export interface Deviation {
  readonly feature: string;
  readonly official: string;
  readonly ours: string;
  readonly why: string;
  /** Recorded cases that it changes, with what is expected in their place. */
  readonly cases?: Readonly<Record<string, Expectation>>;
}

const plainGetHeaders = [
  ['Host', 'api.test'],
  ['Connection', 'keep-alive'],
] as const;

export const deviations: readonly Deviation[] = [
  {
    feature: 'Secret whose value contains a placeholder',
    official: 'The value is searched again: `{{secrets.B}}` in the value of `A` pulls in `B`.',
    ours: 'A value is put in as it is and never searched.',
    why: 'A value is data. Whoever may write one secret must not read another through it.',
    cases: {
      'nested-single-placeholder': {
        requests: [
          {
            method: 'POST',
            url: 'http://api.test/x',
            headers: [...plainGetHeaders, ['Content-Type', 'application/json'], ['Content-Length', '21']],
            body: '{"a":"{{secrets.B}}"}',
          },
        ],
        command: { type: 'complete', variables: { s: 200 } },
      },
    },
  },
  {
    feature: 'Masking of an empty secret',
    official: 'Puts `***` between all characters of the message.',
    ours: 'An empty value is not masked.',
    why: 'There is nothing to hide, and the message was lost.',
    cases: {
      'probe-secret-empty-masked': {
        requests: [
          { method: 'GET', url: 'http://api.test/x', headers: [...plainGetHeaders, ['a', '']], body: '' },
        ],
        command: {
          type: 'fail',
          retries: 2,
          errorMessage: 'Bad',
          errorMessageSuffix: true,
          variables: {
            error: {
              type: 'io.camunda.connector.api.error.ConnectorException',
              code: '400',
              message: 'Bad',
              variables: { response: { headers: { 'Content-Length': '0' }, body: '' } },
            },
          },
        },
      },
    },
  },
  {
    feature: 'Masking of secrets',
    official: 'In the message of an ordinary failure only.',
    ours: 'In every message, also of `jobError` and `bpmnError`, in `error.variables`, and in the forms a value takes inside JSON and URLs.',
    why: 'An API that echoes credentials would write them into a process variable.',
  },
  {
    feature: 'Environment secret with `${...}` in its value',
    official: 'Resolved as a placeholder of the Spring framework.',
    ours: 'Taken as it is.',
    why: 'A generated password may contain these characters.',
  },
  {
    feature: 'Number the engine cannot hold (an integer beyond 64 bits, `1e400`)',
    official:
      'The gateway refuses the command; the job waits for its time-out and the call is made again, without end.',
    ours: 'Becomes a double, or the text `Infinity`, in the variables of every command.',
    why: 'No job is lost and no call repeated.',
  },
  {
    feature: 'Failure with a very large answer',
    official: 'Sent whole; beyond the size of a message the engine refuses the command.',
    ours: '`error.variables` above 1.5 MiB are left out; code and message stay.',
    why: 'No job is lost.',
  },
  {
    feature: '`connectionTimeoutInSeconds`',
    official: 'Limits the wait for a place in a pool that is never full; connecting may take three minutes.',
    ours: 'Limits connecting, TLS handshake included.',
    why: 'This is what the documentation says.',
  },
  {
    feature: 'Long `Retry-After` of a 429 or 503',
    official:
      'Waited out in the call however long it is; the lock may end meanwhile and a second worker call as well.',
    ours: 'Waited out up to 60 s; beyond that the job fails at once. `CONNECTOR_HTTP_REST_RETRY_AFTER=true` sends it back with that wait and unchanged retries.',
    why: 'A waiting job holds a place, and the error expression should decide.',
  },
  {
    feature: 'OAuth token refused with 401 before its end',
    official: 'The refused token stays in the cache; every job fails until it ends.',
    ours: 'Fetched again once and the request repeated once.',
    why: 'Tokens are revoked when keys are rotated.',
  },
  {
    feature: 'OAuth token on a cold cache',
    official: 'Each job that finds none asks for one.',
    ours: 'One request; everybody waits for it.',
    why: 'Token endpoints limit their rate.',
  },
  {
    feature: 'Redirect to another scheme, host or port',
    official: 'Credentials in headers may follow.',
    ours: '`Authorization`, `Cookie` and the API key header stay behind.',
    why: 'They were meant for the first place.',
  },
  {
    feature: 'Text in `multipart/form-data` that ISO-8859-1 cannot hold',
    official: 'Replaced by question marks.',
    ours: 'The whole body is UTF-8 then, and says so in its content type.',
    why: 'No text is lost; what ISO-8859-1 can hold is sent as officially.',
  },
  {
    feature: 'Document without content type in `multipart/form-data`',
    official: 'Fails with a null pointer.',
    ours: 'Sent as `application/octet-stream`.',
    why: 'The document is there.',
  },
  {
    feature: 'Document in a list at the top of the body, or as the whole body',
    official: 'Sent as `{}`.',
    ours: 'Sent as base64 text, as inside an object.',
    why: 'The document is there.',
  },
  {
    feature: 'Reference to a document as clusters of 8.6 and 8.7 write it (`documentType`)',
    official: 'Plain data.',
    ours: 'A document, like one with `camunda.document.type`.',
    why: 'Documents stored by one task can be used by the next on every version.',
  },
  {
    feature: 'Framing of a multipart body with documents',
    official: '`Transfer-Encoding: chunked`.',
    ours: '`Content-Length`.',
    why: 'Some servers refuse chunks.',
  },
  {
    feature: 'Connections',
    official: 'A new one for every request.',
    ours: 'Kept for 4 s and used again.',
    why: 'Speed; no handshake per job.',
  },
  {
    feature: 'Proxy',
    official: '`HTTP_PROXY`, `HTTPS_PROXY`, `NO_PROXY` are not read.',
    ours: 'They apply where no `CONNECTOR_HTTP_PROXY_*` is set.',
    why: 'One setting for all calls of the worker.',
  },
  {
    feature: 'Size of an answer',
    official: 'No limit.',
    ours: '`CONNECTOR_MAX_ANSWER_SIZE`, after decompression, and two million pieces of JSON (brackets, colons and commas); error code `500`.',
    why: 'One answer must not take the memory of all jobs.',
  },
  {
    feature: '`User-Agent`, `Accept-Encoding`',
    official: '`Apache-HttpClient/...`; `gzip, deflate, x-gzip`.',
    ours: '`zeebe-openai-connector/...`; `gzip, deflate, br`.',
    why: 'The worker says who it is. A value of the task replaces both, as officially.',
  },
  {
    feature: 'FEEL expression without end in sight',
    official: 'Runs until it is done.',
    ours: 'Stopped by a budget of steps, depth and size; retries 0.',
    why: 'One expression must not hold up all jobs.',
  },
  {
    feature: 'Messages that name Java internals',
    official: '`Cannot invoke "java.lang.Integer.intValue()" because ...`.',
    ours: 'A sentence that says what is missing; type, code and retries are the same.',
    why: 'It is to be understood.',
  },
  {
    feature: 'Lease of a job during a long call',
    official: 'Ends after five minutes; another worker may make the same call.',
    ours: 'Renewed while the call runs; lost or cancelled jobs end their call.',
    why: 'No call is paid for twice.',
  },
  {
    feature: 'Crash between answer and command',
    official: 'The call is made again.',
    ours: 'With a ledger that outlives the process the kept answer is used.',
    why: 'No call is paid for twice.',
  },
  {
    feature: 'Intrinsic functions',
    official: '`base64`, `getText`, `getJson`, `createLink`, `createGithubAppInstallationToken`.',
    ours: 'The first three; the others are refused as input errors.',
    why: "The others need services that an engine's client does not offer.",
  },
  {
    feature: 'Sources of secrets',
    official: 'Environment, console, cloud secret managers; an optional filter by process.',
    ours: 'Environment and a folder of files, which secret managers can mount.',
    why: 'One way that works everywhere.',
  },
];
