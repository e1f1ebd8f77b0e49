/**
 * What an operation is: the fields a modeler fills in, the request they make, and what is read from the answer.
 * Schemas, validation, element template and documentation all come from the one definition.
 */
import type { Cause } from '../../errors';
import { Section, type PlacedField } from '../../fields/bind';
import type { Checked, GroupId, ProviderId, Shape } from '../../fields/fields';
import type { DocumentReference, DocumentStore } from '../../job/job';
import type { Json, JsonObject } from '../../json/json';
import type { OutcomeOption } from './options';
import type { Reply } from './reply';

/** A request as the operation knows it; the provider adds address, authentication and deployment. */
export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD';
  /** Below the API's base, with leading slash; segments already encoded. */
  readonly path: string;
  /** Azure's dated API has the deployment in this path. */
  readonly perDeployment: boolean;
  readonly query?: readonly (readonly [string, string])[];
  readonly headers?: readonly (readonly [string, string])[];
  readonly body?: CallBody;
}

export type CallBody =
  | { readonly kind: 'json'; readonly json: Json }
  | { readonly kind: 'bytes'; readonly bytes: Buffer; readonly contentType: string }
  | { readonly kind: 'multipart'; readonly parts: readonly Part[] };

export type Part =
  | { readonly name: string; readonly value: string }
  | {
      readonly name: string;
      readonly fileName: string;
      readonly contentType: string;
      readonly bytes: Buffer;
    };

/** What the provider says of itself while a request is built. */
export interface Target {
  readonly provider: ProviderId;
  /** Azure's dated API version (`2024-10-21`); undefined for OpenAI and Azure v1. */
  readonly apiVersion: string | undefined;
  /** Stands for the model (Azure). */
  readonly deployment: string | undefined;
}

/** What an operation may use besides its input. */
export interface Tools {
  readonly target: Target;
  readonly documents: DocumentStore;
  /** Whether the answer is to be sent as an event stream. */
  readonly stream: boolean;
  /** A call beside the paid one, e.g. to poll work in the background. @throws ConnectorError as the paid one does */
  readonly fetch: (call: Call) => Promise<Reply>;
  /** Waits, or rejects when the job is aborted. */
  readonly sleep: (ms: number) => Promise<void>;
}

/** Tokens in buckets that do not overlap: their sum is what was billed. Absent numbers were not reported. */
export interface Usage {
  /** The model that answered. */
  readonly model?: string;
  /** Input that was not read from the cache. */
  readonly inputTokens?: number;
  readonly cachedInputTokens?: number;
  /** Output without hidden reasoning. */
  readonly outputTokens?: number;
  readonly reasoningTokens?: number;
  readonly totalTokens?: number;
  /** Audio billed by time. */
  readonly seconds?: number;
}

/** A good answer has a caveat; the task says what becomes of it. */
export interface Caveat {
  readonly cause: Extract<Cause, 'CONTENT_FILTERED' | 'REFUSED' | 'TRUNCATED' | 'SCHEMA_MISMATCH'>;
  readonly message: string;
}

/** What an operation read from a reply. */
export interface Reading {
  /** The answer as text. */
  readonly text?: string;
  /** The answer as data, when data was asked for. */
  readonly json?: Json;
  readonly finishReason?: string;
  readonly usage?: Usage;
  readonly documents?: readonly DocumentReference[];
  /** JSON text that takes the place of the body as received, e.g. an assembled stream or a body without its binaries. */
  readonly body?: string;
  readonly caveat?: Caveat;
}

/** Steers which fields are shown; never part of the job. */
export interface ModeSwitch<V extends string = string> {
  readonly id: string;
  readonly label: string;
  readonly group: GroupId;
  readonly choices: Readonly<Record<V, string>>;
  readonly preset: NoInfer<V>;
  readonly tooltip?: string;
}

/** Checks the types of a switch and keeps its values for `shownAt`. */
export function defineModeSwitch<const V extends string>(definition: ModeSwitch<V>): ModeSwitch<V> {
  return definition;
}

/** The condition of a field that is shown while a switch has one of these values. */
export function shownAt<V extends string>({ id }: ModeSwitch<V>, ...oneOf: readonly NoInfer<V>[]) {
  return { field: id, oneOf };
}

/** Where an operation comes from: the five products whose functions this connector covers. */
export type Source =
  'Camunda OpenAI' | 'Camunda Azure OpenAI' | 'Prismatic' | 'ByteChef' | 'Microsoft' | 'OpenAI API';

/** Inputs of one operation. Requests made from all of them are checked against the API's own document. */
export interface Examples {
  /** Only what must be there. */
  readonly minimal: JsonObject;
  /** What a process would send; the documentation shows it. */
  readonly typical: JsonObject;
  /** One or several that together name every field; an empty text means a field that is left empty. */
  readonly all: readonly JsonObject[];
}

export interface OperationSpec<S extends Shape> {
  /** Value of the job's variable `operation`. */
  readonly id: string;
  /** In the list of operations. */
  readonly label: string;
  /** One sentence: what a modeler gets. */
  readonly summary: string;
  /** Words people search for. */
  readonly keywords: readonly string[];
  /** The provider's own documentation. */
  readonly documentation: Readonly<Partial<Record<ProviderId, string>>>;
  /** Why a provider has no such operation: the error of a job that asks for it, with remedy. */
  readonly missing?: Readonly<Partial<Record<ProviderId, string>>>;
  readonly sources: readonly Source[];
  readonly switches?: readonly ModeSwitch[];
  /** Fields of the variable `input`, in the order of the panel. */
  readonly input: S;
  /** Caveats an answer may have; each gets an option. */
  readonly outcomes?: readonly OutcomeOption[];
  /** Whether the answer can be read as a stream. */
  readonly streaming?: true;
  /** Whether a task may want a retry after every failure. */
  readonly retryAllErrors?: true;
  /** FEEL the template presets, so that the answer is not lost. */
  readonly resultExpression: string;
  readonly examples: Examples;
  /** @throws ConnectorError INVALID_INPUT when fields do not go together */
  readonly toCall: (input: Checked<S>, tools: Tools) => Call | Promise<Call>;
  /** @throws ConnectorError INVALID_ANSWER when the answer is not what the API promises */
  readonly read: (reply: Reply, input: Checked<S>, tools: Tools) => Reading | Promise<Reading>;
}

/** The two steps over an input that was checked. */
export interface PreparedInput {
  readonly toCall: (tools: Tools) => Promise<Call>;
  readonly read: (reply: Reply, tools: Tools) => Promise<Reading>;
}

/** The variable `input` of an operation, compiled for one provider. */
export interface CompiledInput {
  readonly fields: readonly PlacedField[];
  /** @throws ConnectorError INVALID_INPUT, naming every wrong field and the remedy */
  readonly prepare: (raw: Json | undefined) => PreparedInput;
}

/** An operation whose input type is nobody else's business. */
export interface Operation extends Omit<OperationSpec<Shape>, 'toCall' | 'read'> {
  readonly compileInput: (provider: ProviderId) => CompiledInput;
}

/** Checks the types of a definition and hides them. */
export function defineOperation<const S extends Shape>(spec: OperationSpec<S>): Operation {
  const { toCall, read, ...rest } = spec;
  return {
    ...rest,
    compileInput(provider) {
      const section = new Section('input', spec.input, provider);
      return {
        fields: section.fields,
        prepare(raw) {
          const input = section.bind(raw);
          return {
            toCall: async (tools) => toCall(input, tools),
            read: async (reply, tools) => read(reply, input, tools),
          };
        },
      };
    },
  };
}
