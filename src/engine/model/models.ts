/**
 * Processes that were read, by key of their definition. Reading takes 1 to 25 ms each, so it is done when somebody asks;
 * and it cannot be waited for in the middle of a command, so a command that needs one is taken back and tried again.
 */
import type { ProcessModel, ReadResult } from './process';

/** Where the files of definitions are; the engine's state is that. */
export interface DefinitionFiles {
  readonly definitions: {
    get(key: string): { processId: string; resource: string; resourceName: string } | undefined;
  };
  readonly resources: { get(key: string): { text: string } | undefined };
}

/** The command needs a process that is not read yet. */
export class ModelMissing extends Error {
  override readonly name = 'ModelMissing';
  constructor(readonly definition: string) {
    super(`The process definition ${definition} is not read yet.`);
  }
}

export class Models {
  readonly #files: DefinitionFiles;
  readonly #readBpmn: (xml: string) => Promise<ReadResult>;
  readonly #models = new Map<string, ProcessModel>();
  /** Why a definition cannot be read, once that is known. */
  readonly #unreadable = new Map<string, Error>();

  constructor(files: DefinitionFiles, readBpmn: (xml: string) => Promise<ReadResult>) {
    this.#files = files;
    this.#readBpmn = readBpmn;
  }

  /** @throws ModelMissing, or Error when its file cannot be read any more */
  get(definition: string): ProcessModel {
    const model = this.find(definition);
    if (model === undefined) throw this.#unreadable.get(definition)!;
    return model;
  }

  /** Undefined for one that cannot be read any more. @throws ModelMissing */
  find(definition: string): ProcessModel | undefined {
    const model = this.#models.get(definition);
    if (model === undefined && !this.#unreadable.has(definition)) throw new ModelMissing(definition);
    return model;
  }

  put(definition: string, model: ProcessModel): void {
    this.#models.set(definition, model);
  }

  /** Reads a definition again, e.g. after a restart; one that cannot be read is remembered as such. */
  async load(definition: string): Promise<void> {
    const row = this.#files.definitions.get(definition);
    const resource = row && this.#files.resources.get(row.resource);
    if (row === undefined || resource === undefined) {
      this.#unreadable.set(definition, new Error(`The process definition ${definition} has no file.`));
      return;
    }
    const result = await this.#readBpmn(resource.text);
    const model = 'processes' in result ? result.processes.find(({ id }) => id === row.processId) : undefined;
    if (model !== undefined) return this.put(definition, model);
    const reasons = 'faults' in result ? result.faults.map(({ reason }) => reason).join(' ') : '';
    this.#unreadable.set(
      definition,
      new Error(`${row.resourceName} cannot be run by this version of the engine. ${reasons}`.trim()),
    );
  }
}
