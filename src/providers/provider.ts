/** A provider is an address and an authentication for the same operations. Pure. */
import { Section } from '../fields/bind';
import type { Checked, ProviderId, Shape } from '../fields/fields';
import type { HeaderLines } from '../http/request';
import type { Json } from '../json/json';
import type { Call, Target } from '../operations/kit/operation';

export interface ProviderSpec<S extends Shape> {
  readonly id: ProviderId;
  /** As people know it. */
  readonly label: string;
  /** Fields of the variable `connection`; a nested object is a group of fields. */
  readonly connection: S;
  /**
   * Reads a connection whose fields were checked.
   * @param defaultBaseUrl the worker's own, for connections that name none
   * @throws ConnectorError INVALID_INPUT
   */
  readonly connect: (connection: Checked<S>, defaultBaseUrl: string | undefined) => Connection;
}

/** A provider whose fields' types are nobody else's business. */
export interface Provider extends Omit<ProviderSpec<Shape>, 'connect'> {
  /**
   * Checks and reads a job's variable `connection`, secrets put in.
   * @param defaultBaseUrl the worker's own, for connections that name none
   * @throws ConnectorError INVALID_INPUT
   */
  readonly connect: (raw: Json | undefined, defaultBaseUrl: string | undefined) => Connection;
}

/** Checks the types of a definition and hides them. */
export function defineProvider<const S extends Shape>({ connect, ...rest }: ProviderSpec<S>): Provider {
  const section = new Section('connection', rest.connection, rest.id);
  return { ...rest, connect: (raw, defaultBaseUrl) => connect(section.bind(raw), defaultBaseUrl) };
}

export interface Connection {
  readonly target: Target;
  /** Absolute URL of a call. @throws ConnectorError INVALID_INPUT when the connection lacks what the call needs */
  readonly urlOf: (call: Call) => string;
  readonly headers: HeaderLines;
  readonly authentication: Authentication;
}

export type Authentication =
  | { readonly kind: 'none' }
  | { readonly kind: 'header'; readonly name: string; readonly value: string }
  | { readonly kind: 'token'; readonly request: TokenRequest };

/** What a token of Microsoft Entra ID is asked with. */
export type TokenRequest =
  | {
      readonly kind: 'clientCredentials';
      readonly tenantId: string;
      readonly clientId: string;
      readonly clientSecret: string;
      /** URL; absent: the public cloud. */
      readonly authorityHost: string | undefined;
      readonly scope: string;
    }
  | {
      readonly kind: 'defaultCredential';
      /** Of a user-assigned managed identity. */
      readonly clientId: string | undefined;
      readonly scope: string;
    };

/** Gives tokens and keeps them while they are good. @throws ConnectorError UNAUTHORIZED, CONNECTION_FAILED */
export type TokenSource = (request: TokenRequest, options: { readonly fresh: boolean }) => Promise<string>;
