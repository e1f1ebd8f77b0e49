/** The part of bpmn-moddle that is used; the package brings no types for its entry. */
declare module 'bpmn-moddle' {
  export interface ModdleWarning {
    readonly message: string;
    /** What was thrown about a piece of XML that was left out. */
    readonly error?: Error;
    /** Set with `property` and `value` when a reference or an attribute is meant. */
    readonly element?: unknown;
    readonly property?: string;
    readonly value?: string;
  }

  export class BpmnModdle {
    constructor(packages?: Readonly<Record<string, unknown>>);
    /** Rejects when the text is not XML or its root is not `definitions`. */
    fromXML(
      xml: string,
    ): Promise<{ readonly rootElement: unknown; readonly warnings: readonly ModdleWarning[] }>;
  }
}
