/** The part of the element template format that the templates use. */
import type { Choice, GroupId } from '../fields/fields';

export interface ElementTemplate {
  readonly $schema: string;
  readonly name: string;
  readonly id: string;
  readonly version: number;
  readonly description: string;
  readonly documentationRef: string;
  readonly keywords: readonly string[];
  readonly engines: { readonly camunda: string };
  readonly category: { readonly id: string; readonly name: string };
  readonly appliesTo: readonly string[];
  readonly elementType: { readonly value: string };
  readonly icon: { readonly contents: string };
  readonly groups: readonly {
    readonly id: string;
    readonly label: string;
    readonly openByDefault: boolean;
  }[];
  readonly steps: readonly {
    readonly name: string;
    readonly description: string;
    readonly keywords: readonly string[];
    readonly presetId: string;
  }[];
  readonly presets: readonly { readonly id: string; readonly properties: Readonly<Record<string, string>> }[];
  readonly properties: readonly Property[];
}

export interface Property {
  readonly id?: string;
  readonly label?: string;
  readonly group?: GroupId;
  readonly description?: string;
  readonly tooltip?: string;
  readonly placeholder?: string;
  readonly type: 'Hidden' | 'String' | 'Text' | 'Number' | 'Boolean' | 'Dropdown';
  readonly feel?: 'optional' | 'required' | 'static';
  readonly value?: string | number | boolean;
  readonly choices?: readonly Choice[];
  readonly optional?: boolean;
  readonly constraints?: {
    readonly notEmpty?: boolean;
    readonly pattern?: { readonly value: string; readonly message: string };
  };
  readonly binding: Binding;
  readonly condition?: Condition;
}

export type Binding =
  | { readonly type: 'zeebe:input'; readonly name: string }
  | { readonly type: 'zeebe:taskHeader'; readonly key: string }
  | { readonly type: 'zeebe:property'; readonly name: string }
  | { readonly type: 'zeebe:taskDefinition'; readonly property: 'type' | 'retries' };

export type SimpleCondition =
  | { readonly property: string; readonly equals: string }
  | { readonly property: string; readonly oneOf: readonly string[] };

export type Condition = SimpleCondition | { readonly allMatch: readonly SimpleCondition[] };
