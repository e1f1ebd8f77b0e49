/** The fields of all operations as properties: shared where they look the same, one switch for models. Pure. */
import { fieldsOf, type PlacedField } from '../fields/bind';
import type { FieldMeta, ProviderId } from '../fields/fields';
import type { Operation } from '../operations/kit/operation';
import { conditioned, entry, input, mayStayEmpty, oneOf, operationCondition } from './properties';
import type { Binding, Property, SimpleCondition } from './template';

export interface SharedField {
  readonly field: PlacedField;
  readonly users: Operation[];
}

/** Whether an operation asks a model; on Azure a deployment stands for it. */
export function hasModel(operation: Operation): boolean {
  return fieldsOf(operation.input, 'openai').some(({ meta }) => meta.kind === 'model');
}

/**
 * A task that may be left without any input still has its own `input`: one of the process must not slip in. It comes
 * before the fields, so that those that are filled in are added to it.
 */
export function emptyInputs(provider: ProviderId, offered: readonly Operation[]): Property[] {
  const users = offered.filter(
    (operation) => !fieldsOf(operation.input, provider).some(({ meta }) => isAlwaysWritten(meta)),
  );
  if (users.length === 0) return [];
  return [
    {
      id: 'input',
      type: 'Hidden',
      group: 'request',
      value: '={}',
      binding: input('input'),
      ...conditioned(operationCondition(users, offered)),
    },
  ];
}

/** Whether every task has this field, whatever is chosen and filled in elsewhere. */
function isAlwaysWritten(meta: FieldMeta): boolean {
  return !mayStayEmpty(meta) && meta.when === undefined && meta.hidden === undefined;
}

/** Fields of the same name that look the same are one field; others share the name under exclusive conditions. */
export function inputProperties(provider: ProviderId, offered: readonly Operation[]): Property[] {
  const shared = share(offered, (operation) => fieldsOf(operation.input, provider));
  const properties: Property[] = [];
  for (const { field, users } of shared) {
    if (field.meta.hidden) continue;
    const id = idAmong(shared, field, users);
    const conditions = [...operationCondition(users, offered), ...whenConditions(field.meta, users, shared)];
    if (field.meta.kind === 'model') properties.push(listedModel(id, field, conditions));
    else properties.push(...entry(id, field, input(`input.${field.name}`), conditions));
  }
  return withModelSource(properties, offered);
}

/** Every different field once, with the operations that have it. */
export function share(
  offered: readonly Operation[],
  fields: (operation: Operation) => readonly PlacedField[],
) {
  const shared: SharedField[] = [];
  for (const operation of offered) {
    for (const field of fields(operation)) {
      const same = shared.find(
        (one) =>
          one.field.name === field.name && JSON.stringify(one.field.meta) === JSON.stringify(field.meta),
      );
      if (same === undefined) shared.push({ field, users: [operation] });
      else same.users.push(operation);
    }
  }
  return shared;
}

function idAmong(shared: readonly SharedField[], field: PlacedField, users: readonly Operation[]): string {
  const variants = shared.filter((one) => one.field.name === field.name);
  const id = `input.${field.name}`;
  return variants[0]!.users === users ? id : `${id}.${users[0]!.id}`;
}

/** `when` names a switch, or a field of the input: then the one these operations have. */
function whenConditions(
  meta: FieldMeta,
  users: readonly Operation[],
  shared: readonly SharedField[],
): SimpleCondition[] {
  const { when } = meta;
  if (when === undefined) return [];
  if (users.every((operation) => operation.switches?.some(({ id }) => id === when.field))) {
    return [oneOf(when.field, when.oneOf)];
  }
  const target = shared.find((one) => one.field.name === when.field && one.users.includes(users[0]!));
  if (target === undefined) throw new Error(`Condition on a field that is not there: ${when.field}`);
  return [oneOf(idAmong(shared, target.field, target.users), when.oneOf)];
}

const modelSourceId = 'modelSource';

function listedModel(
  id: string,
  { name, meta }: PlacedField,
  conditions: readonly SimpleCondition[],
): Property {
  return {
    id,
    label: meta.label,
    group: meta.group,
    type: 'Dropdown',
    value: meta.preset!,
    choices: meta.choices!,
    ...(meta.tooltip === undefined ? {} : { tooltip: meta.tooltip }),
    binding: input(`input.${name}`),
    constraints: { notEmpty: true },
    ...conditioned([...conditions, oneOf(modelSourceId, ['list'])]),
  };
}

/** Before the lists a switch, after them the free name; both write the same input, so that switching keeps it. */
function withModelSource(properties: readonly Property[], offered: readonly Operation[]): Property[] {
  const lists = properties.filter(({ binding, type }) => type === 'Dropdown' && isModel(binding));
  if (lists.length === 0) return [...properties];
  const users = operationCondition(
    offered.filter((operation) => hasModel(operation)),
    offered,
  );
  const first = properties.indexOf(lists[0]!);
  const others = properties.filter((property) => !lists.includes(property));
  return [
    ...others.slice(0, first),
    {
      id: modelSourceId,
      label: 'Model from',
      group: 'request',
      type: 'Dropdown',
      value: 'list',
      choices: [
        { name: 'List', value: 'list' },
        { name: 'Another model', value: 'name' },
      ],
      binding: { type: 'zeebe:property', name: modelSourceId },
      ...conditioned(users),
    },
    ...lists,
    {
      id: 'input.model.name',
      label: 'Name of the model',
      group: 'request',
      type: 'String',
      feel: 'optional',
      placeholder: 'gpt-5.4-2026-03-05',
      tooltip: 'Any model the account may use, also a fine-tuned one.',
      binding: input('input.model'),
      constraints: { notEmpty: true },
      ...conditioned([...users, oneOf(modelSourceId, ['name'])]),
    },
    ...others.slice(first),
  ];
}

function isModel(binding: Binding): boolean {
  return binding.type === 'zeebe:input' && binding.name === 'input.model';
}
