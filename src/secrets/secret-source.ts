/** Where the values of secrets come from. */
export interface SecretSource {
  /**
   * @returns the value, "" included, or undefined when there is no such secret
   * @throws anything when the source cannot be asked at the moment
   */
  lookup(name: string, scope: SecretScope): Promise<string | undefined>;
}

export interface SecretScope {
  readonly tenantId: string;
  readonly processDefinitionId: string;
}
