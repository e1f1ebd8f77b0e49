/** Processes a business would know. */
import { boundary, connector, end, gateway, path, start, userTask, type Example } from './example';

const mailSchema =
  '={type: "object", properties: {' +
  'category: {type: "string", enum: ["complaint", "question", "praise"]}, ' +
  'urgent: {type: "boolean"}, ' +
  'summary: {type: "string"}}, ' +
  'required: ["category", "urgent", "summary"], additionalProperties: false}';

const recording = {
  content: '//uQAAAAAAAAAAAAAAAAAAAAAAA=',
  fileName: 'call.mp3',
  contentType: 'audio/mpeg',
};

export const businessExamples: readonly Example[] = [
  {
    name: 'mail-triage',
    process: {
      id: 'mail-triage',
      name: 'Triage of incoming mail',
      documentation:
        'The model fills a JSON schema; gateways decide by its fields. An answer that does not fit goes to a clerk instead of failing.',
      nodes: [
        start('Mail received'),
        connector('openai', 'triage', 'Read mail', [1, 0], {
          operation: 'chatCompletion',
          'input.systemMessage':
            'You read mails of customers of an online shop and fill in a form about them.',
          'input.prompt': '="Subject: " + mail.subject + "\\n\\n" + mail.text',
          'input.responseFormat': 'jsonSchema',
          'input.schema': mailSchema,
          'options.onSchemaMismatch': 'bpmnError',
          resultExpression: '={triage: response.json}',
        }),
        boundary('misfit', 'Does not fit', 'triage', 'SCHEMA_MISMATCH'),
        gateway('category', 'Category?', [2, 0]),
        connector('openai', 'draft', 'Draft answer', [3, 0], {
          operation: 'chatCompletion',
          'input.systemMessage': 'You answer mails of customers politely and in at most five sentences.',
          'input.prompt': '="Draft an answer to this mail: " + mail.text',
          resultExpression: '={draft: response.text}',
        }),
        end('drafted', 'Answer drafted', [4, 0]),
        end('toComplaints', 'To complaints', [3, 1]),
        userTask('readByHand', 'Read mail by hand', [2, 2]),
        end('readEnd', 'Read', [3, 2]),
      ],
      flows: [
        ...path('start', 'triage', 'category'),
        { from: 'category', to: 'draft', name: 'else' },
        {
          from: 'category',
          to: 'toComplaints',
          name: 'complaint',
          condition: '=triage.category = "complaint"',
        },
        ...path('draft', 'drafted'),
        ...path('misfit', 'readByHand', 'readEnd'),
      ],
    },
    demo: {
      description: 'Structured output decides where a mail goes.',
      variables: {
        mail: {
          subject: 'Broken lamp',
          text: 'The lamp I ordered arrived broken. I want a refund.',
        },
      },
      expect: {
        outcome: 'completed',
        variables: { triage: { category: 'complaint' } },
        elements: ['toComplaints'],
      },
    },
  },
  {
    name: 'moderated-answer',
    process: {
      id: 'moderated-answer',
      name: 'Moderated answer',
      documentation:
        'What moderation flags, the filter stops or the model refuses goes to a human; everything else is answered at once.',
      nodes: [
        start('Question received'),
        connector('openai', 'check', 'Check question', [1, 0], {
          operation: 'moderation',
          'input.input': '=question',
        }),
        gateway('harmless', 'Harmless?', [2, 0]),
        connector('openai', 'answer', 'Answer question', [3, 0], {
          operation: 'chatCompletion',
          'input.systemMessage': 'You answer questions about opening hours, prices and parcels of a shop.',
          'input.prompt': '=question',
          'options.onRefusal': 'bpmnError',
          'options.onContentFilter': 'bpmnError',
        }),
        boundary('refused', 'Refused', 'answer', 'REFUSED'),
        userTask('byHuman', 'Answer by hand', [3, 1]),
        end('answered', 'Answered', [4, 0]),
        end('answeredByHuman', 'Answered by hand', [4, 1]),
      ],
      flows: [
        ...path('start', 'check', 'harmless'),
        { from: 'harmless', to: 'answer', name: 'yes', condition: '=not(flagged)' },
        { from: 'harmless', to: 'byHuman', name: 'no' },
        ...path('answer', 'answered'),
        { from: 'refused', to: 'byHuman' },
        ...path('byHuman', 'answeredByHuman'),
      ],
    },
    demo: {
      description: 'Moderation, then an answer; a human takes over on a flag or a refusal.',
      variables: { question: 'Reply with exactly: We open at nine' },
      expect: {
        outcome: 'completed',
        variables: { flagged: false, answer: 'We open at nine' },
        elements: ['answered'],
      },
    },
  },
  {
    name: 'call-summary',
    process: {
      id: 'call-summary',
      name: 'Summary of a call',
      documentation: 'A recording is written down, then summed up as minutes for the customer file.',
      nodes: [
        start('Call ended'),
        connector('openai', 'transcribe', 'Write down call', [1, 0], {
          operation: 'transcription',
          'input.file': '=recording',
        }),
        connector('openai', 'sumUp', 'Sum up call', [2, 0], {
          operation: 'summarize',
          'input.texts': '=transcript',
          'input.style': 'minutes',
          'input.focus': 'promises to the customer, amounts and dates',
        }),
        end('done', 'Filed', [3, 0]),
      ],
      flows: path('start', 'transcribe', 'sumUp', 'done'),
    },
    demo: {
      description: 'Transcription of a call, then minutes of it.',
      variables: { recording },
      expect: {
        outcome: 'completed',
        variables: {
          transcript: 'This is what the mock heard.',
          summary: 'This is what the mock heard.',
        },
        elements: ['done'],
      },
    },
  },
];
