/** What the schema of element templates does not find: our own rules, as sentences. */
import type { Binding, ElementTemplate, Property, SimpleCondition } from '../../../src/templates/template';

export function conditionsOf({ condition }: Property): readonly SimpleCondition[] {
  if (condition === undefined) return [];
  return 'allMatch' in condition ? condition.allMatch : [condition];
}

function valuesOf(condition: SimpleCondition): readonly string[] {
  return 'equals' in condition ? [condition.equals] : condition.oneOf;
}

export function target(binding: Binding): string {
  switch (binding.type) {
    case 'zeebe:input':
    case 'zeebe:property':
      return `${binding.type} ${binding.name}`;
    case 'zeebe:taskHeader':
      return `${binding.type} ${binding.key}`;
    case 'zeebe:taskDefinition':
      return `${binding.type} ${binding.property}`;
  }
}

const knownKeys = new Set([
  'id',
  'label',
  'group',
  'description',
  'tooltip',
  'placeholder',
  'type',
  'feel',
  'value',
  'choices',
  'optional',
  'constraints',
  'binding',
  'condition',
]);

export function lint(template: ElementTemplate): string[] {
  const { properties, groups, presets, steps } = template;
  const byId = new Map(properties.map((property) => [property.id, property]));
  const groupIds = groups.map(({ id }) => id);
  const faults: string[] = [];
  const fault = (property: Property, what: string) =>
    faults.push(`${property.id ?? target(property.binding)}: ${what}`);

  const ids = properties.flatMap(({ id }) => (id === undefined ? [] : [id]));
  for (const id of ids.filter((one, index) => ids.indexOf(one) !== index))
    faults.push(`${id}: id used twice`);

  for (const property of properties) {
    const { type, value, choices, group, feel, constraints, tooltip, description } = property;
    for (const key of Object.keys(property)) if (!knownKeys.has(key)) fault(property, `unknown key ${key}`);
    if (type !== 'Hidden' && (property.label ?? '') === '') fault(property, 'no label');
    if (type !== 'Hidden' && (group === undefined || !groupIds.includes(group)))
      fault(property, 'no such group');
    if (choices && value !== undefined && !choices.some((choice) => choice.value === value))
      fault(property, 'default is not among the choices');
    if (choices && new Set(choices.map((choice) => choice.value)).size !== choices.length)
      fault(property, 'a choice twice');
    if (feel === 'required' && value !== undefined && !String(value).startsWith('='))
      fault(property, 'a default of FEEL must begin with =');
    const pattern = constraints?.pattern;
    if (pattern) {
      const expression = new RegExp(pattern.value);
      if (!pattern.message.startsWith('must ')) fault(property, 'a message begins with "must"');
      if (constraints.notEmpty !== true && !(expression.test('') && expression.test('undefined')))
        fault(property, 'red while empty');
      if (value !== undefined && !expression.test(String(value)))
        fault(property, 'default breaks the pattern');
    }
    const isInput = property.binding.type === 'zeebe:input';
    if (isInput && value === undefined && !property.optional && !constraints?.notEmpty)
      fault(property, 'may be written without source, which engines before 8.8 refuse');
    for (const html of [tooltip, description]) {
      const tags = [...(html ?? '').matchAll(/<\/?([a-z]+)/g)].map((match) => match[1]!);
      const bad = tags.find((tag) => !['strong', 'em', 'code', 'ul', 'li', 'a'].includes(tag));
      if (bad) fault(property, `the panel strips <${bad}>`);
    }
    for (const condition of conditionsOf(property)) {
      const other = byId.get(condition.property);
      if (other === undefined || other === property) fault(property, `condition on ${condition.property}`);
      else {
        const unknown = valuesOf(condition).filter(
          (one) => !other.choices?.some((choice) => choice.value === one),
        );
        if (unknown.length > 0) fault(property, `condition on values that are no choice: ${unknown.join()}`);
      }
    }
  }
  // Switching the operation keeps a value only where it means the same; a model is listed or typed.
  const typeOf = (type: string): string => (type === 'Text' ? 'String' : type);
  for (const property of properties) {
    const place = target(property.binding);
    const first = properties.find(({ binding }) => target(binding) === place)!;
    if (place !== 'zeebe:input input.model' && typeOf(first.type) !== typeOf(property.type))
      fault(property, `writes ${place}, which is of another type elsewhere`);
  }
  for (const id of groupIds) {
    if (!properties.some(({ group }) => group === id)) faults.push(`group ${id} is empty`);
  }
  for (const { id, properties: set } of presets) {
    for (const [name, value] of Object.entries(set)) {
      if (!byId.get(name)?.choices?.some((choice) => choice.value === value))
        faults.push(`preset ${id} sets ${name} to something that is no choice`);
    }
  }
  for (const step of steps) {
    if (!presets.some(({ id }) => id === step.presetId)) faults.push(`step ${step.name} has no preset`);
    if (step.keywords.length === 0) faults.push(`step ${step.name} has no keywords`);
  }
  return faults;
}
