/** Answers as text or data: the fields, and the schema that was asked for. */
import { inputError } from '../../errors';
import { choice, flag, object, text, type Checked } from '../../fields/fields';
import type { JsonObject } from '../../json/json';
import { checkSchema } from './structured-output';

/** Fields of every operation that can answer with data. */
export const formatFields = {
  responseFormat: choice(
    { text: 'Text', jsonSchema: 'JSON that fits a schema', json: 'JSON of any shape' },
    {
      label: 'Answer as',
      group: 'format',
      default: 'text',
      tooltip:
        'JSON arrives parsed in <code>response.json</code>. JSON of any shape needs the word JSON in the prompt.',
    },
  ),
  schema: object({
    label: 'JSON schema',
    group: 'format',
    required: 'template',
    when: { field: 'responseFormat', oneOf: ['jsonSchema'] },
    description:
      'FEEL context, e.g. <code>={type: "object", properties: {category: {type: "string"}}, required: ["category"], additionalProperties: false}</code>',
    tooltip: 'The answer is checked against it once more when it arrives.',
  }),
  schemaName: text({
    label: 'Name of the schema',
    group: 'format',
    when: { field: 'responseFormat', oneOf: ['jsonSchema'] },
    tooltip: 'Letters, digits, _ and -, up to 64. Empty: <code>answer</code>.',
  }),
  strictSchema: flag({
    label: 'Hold the model to the schema',
    group: 'format',
    default: true,
    when: { field: 'responseFormat', oneOf: ['jsonSchema'] },
    tooltip:
      'On: the provider guarantees the shape; every property must be listed in <code>required</code> and <code>additionalProperties</code> be false.',
  }),
};

export type FormatInput = Checked<typeof formatFields>;

/** The schema that was asked for, checked; undefined for text and free JSON. @throws ConnectorError INVALID_INPUT */
export function askedSchema(input: FormatInput): JsonObject | undefined {
  if (input.responseFormat !== 'jsonSchema') return undefined;
  if (input.schema === undefined) {
    throw inputError(
      'Field "JSON schema" (input.schema) is empty. Give the schema, or set "Answer as" to text or to JSON of any shape.',
    );
  }
  checkSchema(input.schema);
  const name = input.schemaName ?? '';
  if (name !== '' && !/^[A-Za-z0-9_-]{1,64}$/.test(name)) {
    throw inputError(
      'Field "Name of the schema" (input.schemaName) may hold letters, digits, _ and - only, at most 64.',
    );
  }
  return input.schema;
}

/** `response_format` of a chat; absent: text. */
export function responseFormat(input: FormatInput): JsonObject | undefined {
  const schema = askedSchema(input);
  if (schema !== undefined) {
    const { schemaName: name = 'answer', strictSchema: strict } = input;
    return { type: 'json_schema', json_schema: { name, schema, strict } };
  }
  return input.responseFormat === 'json' ? { type: 'json_object' } : undefined;
}
