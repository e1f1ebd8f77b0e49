/** What the Modeler writes into a task when a template is applied and fields are filled in. Pure. */
import type {
  Binding,
  Condition,
  ElementTemplate,
  Property,
  SimpleCondition,
} from '../../src/templates/template';

export type Filled = Readonly<Record<string, string | number | boolean>>;

export interface TaskExtensions {
  readonly type: string;
  readonly retries: string;
  readonly inputs: readonly (readonly [target: string, source: string])[];
  readonly headers: readonly (readonly [key: string, value: string])[];
  readonly properties: readonly (readonly [name: string, value: string])[];
}

/**
 * @param filled values by what they write (name of the input, header, property), as typed: FEEL with its leading `=`
 * @throws Error for a value nobody can fill in (unknown id, field not shown) and for a mandatory field left empty
 */
export function applyTemplate(template: ElementTemplate, filled: Filled): TaskExtensions {
  const values = valuesIn(template, filled);
  const active = activeProperties(template, values);
  for (const [place, value] of Object.entries(filled)) {
    const field = active.find(({ binding }) => placeOf(binding) === place);
    if (field === undefined) throw new Error(`${template.id} shows no field for ${place} here`);
    if (field.choices && !field.choices.some((choice) => choice.value === value)) {
      throw new Error(`${template.id}: ${String(value)} is not a choice of ${place}`);
    }
  }
  let type = '';
  let retries = '';
  const inputs: [string, string][] = [];
  const headers: [string, string][] = [];
  const properties: [string, string][] = [];
  for (const property of active) {
    const value = written(property.id === undefined ? property.value : values.get(property.id));
    if (value === undefined || value === '') {
      if (property.constraints?.notEmpty) throw new Error(`${template.id}: ${property.id} must be filled in`);
      continue;
    }
    const { binding } = property;
    if (binding.type === 'zeebe:input') inputs.push([binding.name, value]);
    else if (binding.type === 'zeebe:taskHeader') headers.push([binding.key, value]);
    else if (binding.type === 'zeebe:property') properties.push([binding.name, value]);
    else if (binding.property === 'type') type = value;
    else retries = value;
  }
  return { type, retries, inputs, headers, properties };
}

/** Whether a property is shown while fields have the given values; all others have what the template presets. */
export function isActiveIn(template: ElementTemplate, property: Property, filled: Filled): boolean {
  return activeProperties(template, valuesIn(template, filled)).includes(property);
}

function valuesIn(
  template: ElementTemplate,
  filled: Filled,
): Map<string, string | number | boolean | undefined> {
  const values = new Map<string, string | number | boolean | undefined>();
  for (const { id, binding, value } of template.properties) {
    if (id !== undefined) values.set(id, filled[placeOf(binding)] ?? value);
  }
  return values;
}

/** A property is shown when its condition holds and the property it looks at is shown itself. */
function activeProperties(
  template: ElementTemplate,
  values: ReadonlyMap<string, string | number | boolean | undefined>,
): Property[] {
  const byId = new Map(template.properties.map((property) => [property.id, property]));
  const isActive = (property: Property): boolean => simple(property.condition).every(holds);
  const holds = (condition: SimpleCondition): boolean => {
    const target = byId.get(condition.property);
    if (target === undefined || !isActive(target)) return false;
    const value = values.get(condition.property);
    return 'equals' in condition ? value === condition.equals : condition.oneOf.some((one) => one === value);
  };
  return template.properties.filter(isActive);
}

function simple(condition: Condition | undefined): readonly SimpleCondition[] {
  if (condition === undefined) return [];
  return 'allMatch' in condition ? condition.allMatch : [condition];
}

/** Numbers and booleans of inputs become FEEL literals. */
function written(value: string | number | boolean | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string') return value;
  return `=${String(value)}`;
}

/** The name of what a field writes. */
function placeOf(binding: Binding): string {
  switch (binding.type) {
    case 'zeebe:input':
    case 'zeebe:property':
      return binding.name;
    case 'zeebe:taskHeader':
      return binding.key;
    case 'zeebe:taskDefinition':
      return binding.property;
  }
}
