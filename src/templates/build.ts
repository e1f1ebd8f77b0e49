/** The element template of a provider, made from its connection fields and the operations. Pure. */
import { fieldsOf } from '../fields/bind';
import { choicesOf, groups, type GroupId, type ProviderId } from '../fields/fields';
import type { Operation, ModeSwitch } from '../operations/kit/operation';
import { optionShape } from '../operations/kit/options';
import type { Provider } from '../providers/provider';
import { iconFor } from './icon';
import { emptyInputs, hasModel, inputProperties, share } from './input-properties';
import { conditioned, entry, header, input, oneOf, operationCondition } from './properties';
import type { ElementTemplate, Property } from './template';

export interface TemplateFacts {
  readonly version: number;
  readonly provider: Provider;
  readonly operations: readonly Operation[];
}

const schemaUrl = 'https://unpkg.com/@camunda/zeebe-element-templates-json-schema/resources/schema.json';
/** `PT30S`, FEEL, a secret or nothing; the panel tests an empty field as the text "undefined". */
const durationPattern = {
  value: '^(=.*|undefined|P(?!$)(\\d+D)?(T(?=\\d)(\\d+H)?(\\d+M)?(\\d+(\\.\\d+)?S)?)?)?$',
  message: 'must be an ISO-8601 duration such as PT30S or PT5M',
};
const documentation: Readonly<Record<ProviderId, string>> = {
  openai: 'https://platform.openai.com/docs/api-reference',
  'azure-openai': 'https://learn.microsoft.com/azure/ai-foundry/openai/reference',
};

export function templateId(provider: ProviderId): string {
  return `zeebe-openai-connector.${provider}`;
}

export function jobType(provider: ProviderId): string {
  return `zeebe-openai-connector:${provider}:1`;
}

/** Name of the committed file. */
export function templateFile(provider: ProviderId): string {
  return `${provider}.json`;
}

/** Operations a provider has, in the order of its list. */
export function offeredOperations(
  operations: readonly Operation[],
  provider: ProviderId,
): readonly Operation[] {
  return operations.filter(({ missing }) => missing?.[provider] === undefined);
}

export function buildTemplate({ version, provider, operations }: TemplateFacts): ElementTemplate {
  const offered = offeredOperations(operations, provider.id);
  const properties = [
    ...fixedProperties(provider.id, version),
    ...sorted([
      ...connectionProperties(provider, offered),
      operationProperty(provider, offered),
      ...switchProperties(offered),
      ...emptyInputs(provider.id, offered),
      ...inputProperties(provider.id, offered),
      ...optionProperties(provider.id, offered),
      ...outputProperties(offered),
      ...retryProperties(),
    ]),
  ];
  const used = new Set(properties.map((property) => property.group));
  return {
    $schema: schemaUrl,
    name: `${provider.label} Connector`,
    id: templateId(provider.id),
    version,
    description: `${provider.label}: chat, structured answers, images, audio and more in one task`,
    documentationRef: documentation[provider.id],
    keywords: [provider.label, 'AI', 'LLM', 'GPT', 'ChatGPT', 'generative AI', 'prompt'],
    engines: { camunda: '^8.6' },
    category: { id: 'connectors', name: 'Connectors' },
    appliesTo: ['bpmn:Task', 'bpmn:ServiceTask'],
    elementType: { value: 'bpmn:ServiceTask' },
    icon: { contents: iconFor(provider.id) },
    groups: Object.entries(groups)
      .filter(([id]) => used.has(id as GroupId))
      .map(([id, { label, open }]) => ({ id, label, openByDefault: open })),
    steps: offered.map((operation) => ({
      name: `${provider.label}: ${operation.label.toLowerCase()}`,
      description: operation.summary,
      keywords: [provider.label, 'AI', 'LLM', 'GPT', 'ChatGPT', ...operation.keywords],
      presetId: operation.id,
    })),
    presets: offered.map(({ id }) => ({ id, properties: { operation: id } })),
    properties,
  };
}

function fixedProperties(provider: ProviderId, version: number): Property[] {
  return [
    {
      type: 'Hidden',
      value: jobType(provider),
      binding: { type: 'zeebe:taskDefinition', property: 'type' },
    },
    { type: 'Hidden', value: templateId(provider), binding: header('elementTemplateId') },
    { type: 'Hidden', value: String(version), binding: header('elementTemplateVersion') },
  ];
}

/** The panel shows groups in the order of their first property. */
function sorted(properties: readonly Property[]): Property[] {
  const order = Object.keys(groups);
  const rank = ({ group }: Property): number => (group === undefined ? -1 : order.indexOf(group));
  return [...properties].sort((a, b) => rank(a) - rank(b));
}

function connectionProperties(provider: Provider, offered: readonly Operation[]): Property[] {
  const fields = fieldsOf(provider.connection, provider.id).filter(({ meta }) => meta.hidden !== true);
  return fields.flatMap((field) => {
    const withModel = offered.filter((operation) => hasModel(operation));
    const users = field.meta.standsForModel ? withModel : offered;
    const when = field.meta.when;
    const conditions = [
      ...operationCondition(users, offered),
      ...(when === undefined ? [] : [oneOf(`connection.${when.field}`, when.oneOf)]),
    ];
    const id = `connection.${field.name}`;
    return entry(id, field, input(id), conditions);
  });
}

function operationProperty(provider: Provider, offered: readonly Operation[]): Property {
  const links = offered.map(({ documentation: links, label, summary }) => {
    const link = links[provider.id];
    const name = link === undefined ? label : `<a target="_blank" href="${link}">${label}</a>`;
    return `<li>${name}: ${summary}</li>`;
  });
  return {
    id: 'operation',
    label: 'Operation',
    group: 'request',
    type: 'Dropdown',
    value: offered[0]!.id,
    tooltip: `<ul>${links.join('')}</ul>`,
    choices: offered.map(({ id, label }) => ({ name: label, value: id })),
    binding: input('operation'),
    constraints: { notEmpty: true },
  };
}

function switchProperties(offered: readonly Operation[]): Property[] {
  const byId = new Map<string, { definition: ModeSwitch; users: Operation[] }>();
  for (const operation of offered) {
    for (const definition of operation.switches ?? []) {
      const known = byId.get(definition.id);
      if (known === undefined) byId.set(definition.id, { definition, users: [operation] });
      else known.users.push(operation);
    }
  }
  return [...byId.values()].map(({ definition, users }) => ({
    id: definition.id,
    label: definition.label,
    group: definition.group,
    type: 'Dropdown',
    value: definition.preset,
    choices: choicesOf(definition.choices),
    ...(definition.tooltip === undefined ? {} : { tooltip: definition.tooltip }),
    binding: { type: 'zeebe:property', name: definition.id },
    ...conditioned(operationCondition(users, offered)),
  }));
}

function optionProperties(provider: ProviderId, offered: readonly Operation[]): Property[] {
  const shared = share(offered, (operation) => fieldsOf(optionShape(operation), provider));
  return shared.flatMap(({ field, users }) => {
    const id = `options.${field.name}`;
    return entry(id, field, input(id), operationCondition(users, offered));
  });
}

function outputProperties(offered: readonly Operation[]): Property[] {
  const byExpression = new Map<string, Operation[]>();
  for (const operation of offered) {
    const { resultExpression } = operation;
    byExpression.set(resultExpression, [...(byExpression.get(resultExpression) ?? []), operation]);
  }
  return [
    {
      id: 'resultVariable',
      label: 'Result variable',
      group: 'output',
      type: 'String',
      tooltip:
        'Takes the whole response: <code>status</code>, <code>headers</code>, <code>body</code>, <code>text</code>, <code>json</code>, <code>finishReason</code>, <code>usage</code>, <code>documents</code>.',
      binding: header('resultVariable'),
    },
    ...[...byExpression].map(([expression, users]): Property => ({
      id: `resultExpression.${users[0]!.id}`,
      label: 'Result expression',
      group: 'output',
      type: 'Text',
      feel: 'required',
      value: expression,
      tooltip:
        'Variables made from <code>response</code>; see the result variable for its parts. <code>response.text</code> is the answer, <code>response.json</code> the data.',
      binding: header('resultExpression'),
      ...conditioned(operationCondition(users, offered)),
    })),
  ];
}

function retryProperties(): Property[] {
  return [
    {
      id: 'errorExpression',
      label: 'Error expression',
      group: 'errors',
      type: 'Text',
      feel: 'required',
      tooltip:
        'Makes a BPMN error of a failure: <code>=if error.cause = "RATE_LIMITED" then bpmnError("BUSY", error.message) else null</code>. <code>error.code</code> is the HTTP status as text.',
      binding: header('errorExpression'),
    },
    {
      id: 'retries',
      label: 'Retries',
      group: 'errors',
      type: 'String',
      feel: 'optional',
      value: '3',
      tooltip:
        'Tries in all. Wrong input, wrong keys and used-up quota are not tried again; waiting for a rate limit costs no try.',
      constraints: { notEmpty: true, pattern: { value: '^(=.*|\\d+)$', message: 'must be a whole number' } },
      binding: { type: 'zeebe:taskDefinition', property: 'retries' },
    },
    {
      id: 'retryBackoff',
      label: 'Wait before the next try',
      group: 'errors',
      type: 'String',
      value: 'PT30S',
      constraints: { notEmpty: false, pattern: durationPattern },
      binding: header('retryBackoff'),
    },
    {
      id: 'jobTimeout',
      label: 'Job timeout',
      group: 'errors',
      type: 'String',
      tooltip:
        'How long the engine reserves the job for one worker. The worker renews it while the call runs, so leave it empty unless you know why.',
      optional: true,
      constraints: { notEmpty: false, pattern: durationPattern },
      binding: header('jobTimeout'),
    },
  ];
}
