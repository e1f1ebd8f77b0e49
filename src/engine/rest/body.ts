/**
 * The body of a request, checked and cut into its members. Numbers and names come in whatever form clients send them:
 * keys as texts or numbers, numbers as texts too. Unknown members are ignored, members that are null count as absent.
 */
import { isJsonList, parseJson, type Json } from '../../json/json';
import { objectMembers } from '../../json/raw-json';
import { Rejection } from '../api';
import { engineJson } from '../data/json-edge';
import { keyFromText } from './keys';
import type { SizeLimits } from './limits';
import { defaultTenant } from './search/fields';

const longestTimerMs = 2 ** 31 - 1;

export class CheckedBody {
  readonly #limits: SizeLimits;
  readonly #members: ReadonlyMap<string, string>;

  private constructor(members: ReadonlyMap<string, string>, limits: SizeLimits) {
    this.#limits = limits;
    this.#members = members;
  }

  /**
   * @param text JSON, or nothing: then it has no members
   * @throws Rejection when it is not JSON, or not an object
   */
  static parse(text: string, limits: SizeLimits): CheckedBody {
    if (text.trim() === '') return new CheckedBody(new Map(), limits);
    let json: string;
    try {
      json = engineJson(text);
    } catch (error) {
      throw invalid(`The request's body cannot be read: ${(error as Error).message}`);
    }
    if (json === 'null') return new CheckedBody(new Map(), limits);
    if (!json.startsWith('{')) throw invalid("The request's body must be a JSON object.");
    return new CheckedBody(objectMembers(json), limits);
  }

  /** JSON text of a member; undefined when it is absent or null. */
  raw(name: string): string | undefined {
    const raw = this.#members.get(name);
    return raw === 'null' ? undefined : raw;
  }

  json(name: string): Json | undefined {
    const raw = this.raw(name);
    return raw === undefined ? undefined : parseJson(raw);
  }

  /** A text; a number or boolean counts as its text. */
  text(name: string): string | undefined {
    const raw = this.raw(name);
    if (raw === undefined) return undefined;
    if (raw.startsWith('"')) return JSON.parse(raw) as string;
    if (/^[{[]/.test(raw)) throw invalid(`${name} must be a text.`);
    return raw;
  }

  /** A whole number; a text of digits counts as one. */
  integer(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = /^-?\d{1,19}(\.0)?$/.test(text) ? Number(text) : NaN;
    if (Number.isNaN(value)) throw invalid(`${name} must be a whole number.`);
    return value;
  }

  /** How long to wait, ms. The runtime's timers fire at once beyond their own limit. */
  waitMs(name: string): number {
    return Math.min(this.integer(name) ?? 0, longestTimerMs);
  }

  flag(name: string): boolean | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    if (text !== 'true' && text !== 'false') throw invalid(`${name} must be true or false.`);
    return text === 'true';
  }

  /** A list of texts; empty when it is absent. */
  texts(name: string): readonly string[] {
    const value = this.json(name);
    if (value === undefined) return [];
    if (!isJsonList(value) || !value.every((item) => typeof item === 'string'))
      throw invalid(`${name} must be a list of texts.`);
    return value;
  }

  /** The key of something, as decimal text. */
  key(name: string): string | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : keyFromText(text, name);
  }

  /** An object, with members of its own. */
  object(name: string): CheckedBody | undefined {
    const raw = this.raw(name);
    if (raw === undefined) return undefined;
    if (!raw.startsWith('{')) throw invalid(`${name} must be an object.`);
    return new CheckedBody(objectMembers(raw), this.#limits);
  }

  /** JSON text of the object `variables`; `{}` when it is absent. */
  variables(): string {
    const raw = this.raw('variables');
    if (raw === undefined) return '{}';
    if (!raw.startsWith('{')) throw invalid('variables must be a JSON object.');
    const size = Buffer.byteLength(raw);
    if (size > this.#limits.variables) {
      throw new Rejection(
        500,
        'EXCEEDED_BATCH_RECORD_SIZE',
        `The variables have ${size} bytes, a command can hold ${this.#limits.variables}. Nothing was done.`,
      );
    }
    return raw;
  }

  /** The text of a member that must be there and not empty. */
  needed(name: string): string {
    const text = this.text(name);
    if (text === undefined || text === '') throw invalid(`No ${name} provided.`);
    return text;
  }
}

/** The request itself is at fault. */
export function invalid(detail: string): Rejection {
  return new Rejection(400, 'INVALID_ARGUMENT', detail);
}

/** There is one tenant; a command for another would go to the wrong one. */
export function checkTenant(tenantId: string | undefined): void {
  if (tenantId !== undefined && tenantId !== '' && tenantId !== defaultTenant)
    throw invalid(`The local engine has the tenant '${defaultTenant}' only, and not '${tenantId}'.`);
}
