/** One field as a property of a template, and the words bindings and conditions are made of. Pure. */
import type { PlacedField } from '../fields/bind';
import type { FieldMeta } from '../fields/fields';
import type { Operation } from '../operations/kit/operation';
import type { Binding, Condition, Property, SimpleCondition } from './template';

/** A field as a property. */
export function entry(
  id: string,
  { meta }: PlacedField,
  binding: Binding,
  conditions: readonly SimpleCondition[],
): Property[] {
  const insisted = meta.required !== undefined;
  const constraints = {
    ...(insisted ? { notEmpty: true } : meta.pattern === undefined ? {} : { notEmpty: false }),
    ...(meta.pattern === undefined ? {} : { pattern: meta.pattern }),
  };
  return [
    {
      id,
      label: meta.label,
      group: meta.group,
      ...(meta.description === undefined ? {} : { description: meta.description }),
      ...(meta.tooltip === undefined ? {} : { tooltip: meta.tooltip }),
      ...appearance(meta),
      // Engines before 8.8 refuse a mapping without source: what may stay empty must not be written.
      ...(mayStayEmpty(meta) ? { optional: true } : {}),
      ...(Object.keys(constraints).length === 0 ? {} : { constraints }),
      binding,
      ...conditioned(conditions),
    },
  ];
}

/** Whether the Modeler may leave the field out; it writes a check box and what the template presets in any case. */
export function mayStayEmpty(meta: FieldMeta): boolean {
  return meta.required === undefined && meta.preset === undefined && meta.kind !== 'boolean';
}

function appearance(meta: FieldMeta): Pick<Property, 'type' | 'feel' | 'value' | 'placeholder' | 'choices'> {
  const value = meta.preset === undefined ? {} : { value: meta.preset };
  const placeholder = meta.placeholder === undefined ? {} : { placeholder: meta.placeholder };
  switch (meta.kind) {
    case 'text':
    case 'model':
      return { type: 'String', feel: 'optional', ...value, ...placeholder };
    case 'longText':
      return { type: 'Text', feel: 'optional', ...value, ...placeholder };
    case 'json':
      return { type: 'Text', feel: 'required', ...value, ...placeholder };
    case 'number':
      return { type: 'Number', feel: meta.feel === 'static' ? 'static' : 'optional', ...value };
    case 'boolean':
      // The Modeler writes an empty check box as false, whatever the template says.
      return { type: 'Boolean', feel: 'static', value: meta.preset ?? false };
    case 'choice': {
      // Without a preset the first entry is the way back to "not filled in".
      const none = meta.preset === undefined && meta.required === undefined ? [{ name: '', value: '' }] : [];
      return { type: 'Dropdown', ...value, choices: [...none, ...meta.choices!] };
    }
  }
}

export function input(name: string): Binding {
  return { type: 'zeebe:input', name };
}

export function header(key: string): Binding {
  return { type: 'zeebe:taskHeader', key };
}

export function oneOf(property: string, values: readonly string[]): SimpleCondition {
  return values.length === 1 ? { property, equals: values[0]! } : { property, oneOf: values };
}

/** None when all operations are meant. */
export function operationCondition(
  users: readonly Operation[],
  offered: readonly Operation[],
): SimpleCondition[] {
  return users.length === offered.length
    ? []
    : [
        oneOf(
          'operation',
          users.map(({ id }) => id),
        ),
      ];
}

export function conditioned(conditions: readonly SimpleCondition[]): { readonly condition?: Condition } {
  if (conditions.length === 0) return {};
  if (conditions.length === 1) return { condition: conditions[0]! };
  return { condition: { allMatch: conditions } };
}
