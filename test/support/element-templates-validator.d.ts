/** The part of the validator that the tests use; the package brings no types. */
declare module '@bpmn-io/element-templates-validator' {
  interface Finding {
    readonly message: string;
  }
  export function validateZeebe(template: unknown): {
    readonly valid: boolean;
    readonly errors?: readonly Finding[];
    readonly warnings?: readonly Finding[];
  };
}
