/** What the buttons of the page do, each with its words. */
import { cancelInstance, completeUserTask, resolveIncident, setVariables, startInstance } from './client';
import { reasonOf, type Dialogs } from './dialogs';
import { titleOf } from './picture';
import { instanceLink } from './route';
import type { Definition, Incident, Instance, UserTask } from './shapes';

interface Told {
  done(sentence: string): void;
  failed(sentence: string): void;
  /** Something has changed: look again. */
  changed(): void;
}

export class Actions {
  readonly #dialogs: Dialogs;
  readonly #told: Told;

  constructor(dialogs: Dialogs, told: Told) {
    this.#dialogs = dialogs;
    this.#told = told;
  }

  start(definition: Definition): void {
    const title = `${titleOf(definition)}, version ${definition.version}`;
    this.#dialogs.askVariables({
      title: 'Start an instance',
      explanation: `Of ${title}. Its variables, as a JSON object:`,
      action: 'Start instance',
      send: async (variables) => {
        const key = await startInstance(definition.processDefinitionKey, variables);
        this.#told.done(`Instance ${key} has started.`);
        location.hash = instanceLink(key);
      },
    });
  }

  cancel({ processInstanceKey: key }: Instance): void {
    this.#dialogs.askWhetherSure({
      title: 'Cancel this instance?',
      explanation: `Instance ${key} ends where it is, with all that it has called. This cannot be undone.`,
      yes: 'Cancel instance',
      no: 'Let it run',
      act: async () => {
        await cancelInstance(key);
        this.#did(`Instance ${key} is cancelled.`);
      },
    });
  }

  complete({ userTaskKey, name }: UserTask): void {
    this.#dialogs.askVariables({
      title: 'Complete a user task',
      explanation: `${name}. Variables that it adds, as a JSON object:`,
      action: 'Complete task',
      send: async (variables) => {
        await completeUserTask(userTaskKey, variables);
        this.#did(`${name} is completed.`);
      },
    });
  }

  setVariables({ processInstanceKey: key }: Instance): void {
    this.#dialogs.askVariables({
      title: 'Set variables',
      explanation: `Of instance ${key}: those named here get new values, the others stay. A JSON object:`,
      action: 'Set variables',
      send: async (variables) => {
        await setVariables(key, variables);
        this.#did('The variables are set.');
      },
    });
  }

  /** At once: it can be repeated, and nothing is lost by it. */
  resolve({ incidentKey, jobKey }: Incident): Promise<void> {
    return resolveIncident(incidentKey, jobKey)
      .then((gaveRetry) =>
        this.#did(
          gaveRetry
            ? 'The job has 1 retry again, and its incident is resolved.'
            : 'The incident is resolved.',
        ),
      )
      .catch((error: unknown) => this.#told.failed(reasonOf(error)));
  }

  #did(sentence: string): void {
    this.#told.done(sentence);
    this.#told.changed();
  }
}
