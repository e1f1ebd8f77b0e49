/** Functions of the products this connector takes the place of that it does not have, with the reason. */
export const notOffered: readonly { readonly what: string; readonly of: string; readonly why: string }[] = [
  {
    what: 'Streaming to the process',
    of: 'Camunda Azure OpenAI, Microsoft',
    why: 'A process variable has no half answers. Streams are read inside (`options.stream`).',
  },
  {
    what: 'Content part, enhancements, camel-case data sources of the chat operation',
    of: 'Camunda Azure OpenAI',
    why: 'No request of a living API version has these fields. Images have a field of their own; data sources belong to `completionsExtension`, which translates the former names.',
  },
  {
    what: 'The path `/extensions/chat/completions`',
    of: 'Camunda Azure OpenAI',
    why: 'Its API versions were retired in July 2024; `completionsExtension` sends the form that replaced it.',
  },
  {
    what: 'Functions and function call',
    of: 'ByteChef',
    why: 'The API replaced them by tools: `input.tools`, `input.toolChoice`.',
  },
  {
    what: '`max_tokens` of chat',
    of: 'ByteChef, Microsoft',
    why: 'One field, `input.maxCompletionTokens`, is sent under the name the API version understands. For servers that know only the old name: `input.extraBody` = `{max_tokens: 100}`.',
  },
  {
    what: 'Prompt lists with weights for images',
    of: 'ByteChef',
    why: 'The API takes one text.',
  },
  {
    what: 'Partial images',
    of: 'OpenAI API',
    why: 'They exist only while an image streams.',
  },
  {
    what: 'Assistants',
    of: 'Microsoft',
    why: 'Shut down by the provider; `response` takes their place.',
  },
  {
    what: 'A switch between OpenAI and Azure in one connection',
    of: 'Prismatic, Microsoft',
    why: 'Two templates: their connections have different fields.',
  },
  {
    what: 'Deployment path override, package versions, asynchronous clients',
    of: 'Microsoft',
    why: 'Settings of client libraries without a meaning in a process. The endpoint takes any gateway address; every job is asynchronous.',
  },
  {
    what: 'Retry count, delay and exponential back-off of the raw request',
    of: 'Prismatic',
    why: 'The engine retries: fields "Retries" and "Wait before the next try", `options.retryAllErrors`, and [a recipe for growing pauses](expressions.md#wait-longer-after-every-try).',
  },
  {
    what: 'Switches for logging of the HTTP traffic',
    of: 'Microsoft',
    why: 'Prompts and answers are never logged. See the logs and metrics of the worker in [operating it](operating.md).',
  },
  {
    what: 'Costs',
    of: '-',
    why: 'Prices change and differ by contract. `response.usage` has the tokens to be multiplied.',
  },
];
