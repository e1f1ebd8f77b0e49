/** The first examples: one thing each. */
import { boundary, connector, end, gateway, path, start, type Example } from './example';

export const basicExamples: readonly Example[] = [
  {
    name: 'chat-gateway',
    process: {
      id: 'chat-gateway',
      name: 'Sort a message',
      documentation: 'The model names the kind of a message in one word, and a gateway decides by it.',
      nodes: [
        start('Message received'),
        connector('openai', 'classify', 'Classify message', [1, 0], {
          operation: 'chatCompletion',
          'input.systemMessage':
            'You sort messages of customers. Answer with one of: complaint, praise, question. Write this one word and nothing else.',
          'input.prompt': '=message',
          resultExpression: '={kind: lower case(trim(response.text))}',
        }),
        gateway('kind', 'Which kind?', [2, 0]),
        end('toComplaints', 'To complaints', [3, 0]),
        end('toService', 'To service', [3, 1]),
      ],
      flows: [
        ...path('start', 'classify', 'kind'),
        { from: 'kind', to: 'toComplaints', name: 'complaint', condition: '=kind = "complaint"' },
        { from: 'kind', to: 'toService', name: 'else' },
      ],
    },
    demo: {
      description: 'A gateway decides by the one-word answer of the model.',
      variables: { message: 'The lamp arrived broken, and nobody answers my mails. I want a refund.' },
      expect: { outcome: 'completed', variables: { kind: 'complaint' }, elements: ['toComplaints'] },
    },
  },
  {
    name: 'moderation-then-chat',
    process: {
      id: 'moderation-then-chat',
      name: 'Answer only what is harmless',
      documentation: 'A free moderation call looks at the question before the model is asked.',
      nodes: [
        start('Question received'),
        connector('openai', 'check', 'Check question', [1, 0], {
          operation: 'moderation',
          'input.input': '=question',
        }),
        gateway('harmless', 'Harmless?', [2, 0]),
        connector('openai', 'answer', 'Answer question', [3, 0], {
          operation: 'chatCompletion',
          'input.prompt': '=question',
          'input.maxCompletionTokens': 500,
        }),
        end('answered', 'Answered', [4, 0]),
        end('declined', 'Declined', [3, 1]),
      ],
      flows: [
        ...path('start', 'check', 'harmless'),
        { from: 'harmless', to: 'answer', name: 'yes', condition: '=not(flagged)' },
        { from: 'harmless', to: 'declined', name: 'no' },
        ...path('answer', 'answered'),
      ],
    },
    demo: {
      description: 'Moderation first; only a harmless question reaches the model.',
      variables: { question: 'Reply with exactly: Paris' },
      expect: {
        outcome: 'completed',
        variables: { flagged: false, answer: 'Paris' },
        elements: ['answered'],
      },
    },
  },
  {
    name: 'azure-chat',
    process: {
      id: 'azure-chat',
      name: 'Ask a deployment on Azure',
      documentation: 'One chat completion on Azure OpenAI; tokens are kept for the bill.',
      nodes: [
        start('Text received'),
        connector('azure-openai', 'summarize', 'Sum up text', [1, 0], {
          operation: 'chatCompletion',
          'connection.deployment': 'gpt-5-mini',
          'input.prompt': '="Sum up in one sentence: " + document',
          resultExpression: '={summary: response.text, tokens: response.usage.totalTokens}',
        }),
        end('done', 'Done', [2, 0]),
      ],
      flows: path('start', 'summarize', 'done'),
    },
    demo: {
      description: 'Chat completion on Azure OpenAI, API version v1.',
      variables: {
        document: 'The fence was blown down by the storm. The neighbour helped to put it up again on Sunday.',
      },
      expect: {
        outcome: 'completed',
        variables: { summary: 'The fence was blown down by the storm.' },
        elements: ['done'],
      },
    },
  },
  {
    name: 'azure-completion',
    process: {
      id: 'azure-completion',
      name: 'Continue a text on Azure',
      documentation: 'A legacy completion over a dated API version.',
      nodes: [
        start('Beginning received'),
        connector('azure-openai', 'continue', 'Continue text', [1, 0], {
          operation: 'completion',
          'connection.deployment': 'gpt-35-turbo-instruct',
          'connection.apiVersion': '2024-10-21',
          'input.prompt': '=beginning',
          'input.maxTokens': 60,
          resultExpression: '={continuation: response.text}',
        }),
        end('done', 'Done', [2, 0]),
      ],
      flows: path('start', 'continue', 'done'),
    },
    demo: {
      description: 'Legacy completion on Azure OpenAI, dated API version.',
      variables: { beginning: 'Reply with exactly: once upon a time' },
      expect: { outcome: 'completed', elements: ['done'] },
    },
  },
  {
    name: 'content-filter-boundary',
    process: {
      id: 'content-filter-boundary',
      name: 'Catch a filtered prompt',
      documentation:
        'The field "When content is filtered" is set to BPMN error, so a boundary event with the code CONTENT_FILTERED takes over.',
      nodes: [
        start('Question received'),
        connector('azure-openai', 'answer', 'Answer question', [1, 0], {
          operation: 'chatCompletion',
          'connection.deployment': 'gpt-5-mini',
          'input.prompt': '=question',
          'options.onContentFilter': 'bpmnError',
        }),
        boundary('filtered', 'Filtered', 'answer', 'CONTENT_FILTERED'),
        end('answered', 'Answered', [2, 0]),
        end('declined', 'Declined', [2, 1]),
      ],
      flows: [...path('start', 'answer', 'answered'), ...path('filtered', 'declined')],
    },
    demo: {
      description: 'Azure’s content filter refuses the prompt; a boundary event catches CONTENT_FILTERED.',
      variables: { question: 'How do I build a bomb?' },
      expect: { outcome: 'completed', elements: ['filtered', 'declined'] },
    },
  },
  {
    name: 'error-expression',
    process: {
      id: 'error-expression',
      name: 'Catch a missing deployment',
      documentation:
        'The error expression makes a BPMN error of the cause NOT_FOUND; every other failure stays a failure.',
      nodes: [
        start('Question received'),
        connector('azure-openai', 'answer', 'Answer question', [1, 0], {
          operation: 'chatCompletion',
          'connection.deployment': 'missing',
          'input.prompt': '=question',
          errorExpression:
            '=if error.cause = "NOT_FOUND" then bpmnError("NO_DEPLOYMENT", error.message) else null',
        }),
        boundary('noDeployment', 'No deployment', 'answer', 'NO_DEPLOYMENT'),
        end('answered', 'Answered', [2, 0]),
        end('toOperators', 'To operators', [2, 1]),
      ],
      flows: [...path('start', 'answer', 'answered'), ...path('noDeployment', 'toOperators')],
    },
    demo: {
      description: 'An error expression turns a cause into a BPMN error of its own.',
      variables: { question: 'Hello?' },
      expect: { outcome: 'completed', elements: ['noDeployment', 'toOperators'] },
    },
  },
  {
    name: 'rest-list-models',
    process: {
      id: 'rest-list-models',
      name: 'List the models over REST',
      documentation:
        'A plain REST task of the type io.camunda:http-json:1, as Camunda’s own template writes it.',
      nodes: [
        start('Started'),
        {
          kind: 'service',
          id: 'listModels',
          name: 'List models',
          at: [1, 0],
          extensions: {
            type: 'io.camunda:http-json:1',
            retries: '3',
            inputs: [
              ['authentication.type', 'bearer'],
              ['authentication.token', '{{secrets.OPENAI_API_KEY}}'],
              ['method', 'GET'],
              ['url', '{{secrets.OPENAI_BASE_URL}}/models'],
              ['connectionTimeoutInSeconds', '=20'],
              ['readTimeoutInSeconds', '=20'],
            ],
            headers: [
              ['resultExpression', '={status: response.status, models: response.body.data.id}'],
              ['retryBackoff', 'PT0S'],
            ],
            properties: [],
          },
        },
        end('done', 'Done', [2, 0]),
      ],
      flows: path('start', 'listModels', 'done'),
    },
    demo: {
      description: 'A REST task of Camunda’s own type, served by the same worker.',
      variables: {},
      expect: { outcome: 'completed', variables: { status: 200 }, elements: ['done'] },
    },
  },
];
