/** The two windows that open above the page: one asks for variables, one asks whether somebody is sure. */
import { EngineAway } from './client';
import { byId } from './dom';
import { checkVariables } from './json-text';

interface VariablesQuestion {
  readonly title: string;
  readonly explanation: string;
  /** What the button says that sends them. */
  readonly action: string;
  /** @param variables JSON text of an object, as it was typed */
  readonly send: (variables: string) => Promise<void>;
}

interface Question {
  readonly title: string;
  readonly explanation: string;
  readonly yes: string;
  readonly no: string;
  readonly act: () => Promise<void>;
}

/** What went wrong, for the person who pressed the button. */
export function reasonOf(error: unknown): string {
  if (error instanceof EngineAway) return 'The engine is away. Nothing is known to have been done.';
  return error instanceof Error ? error.message : String(error);
}

/** A dialog that stays open until what it sends has been taken. */
class Sheet {
  readonly #id: string;
  readonly #dialog: HTMLDialogElement;
  readonly #error: HTMLElement;
  readonly #send: HTMLButtonElement;
  #act: () => Promise<void> = () => Promise.resolve();

  constructor(id: string) {
    this.#id = id;
    this.#dialog = byId<HTMLDialogElement>(id);
    this.#error = byId(`${id}-error`);
    this.#send = byId<HTMLButtonElement>(`${id}-send`);
    byId(`${id}-close`).addEventListener('click', () => this.#dialog.close());
    byId(`${id}-form`).addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#submit();
    });
  }

  open(title: string, explanation: string, action: string, act: () => Promise<void>): void {
    byId(`${this.#id}-title`).textContent = title;
    byId(`${this.#id}-explanation`).textContent = explanation;
    this.#send.textContent = action;
    this.#error.textContent = '';
    this.#act = act;
    this.#dialog.showModal();
  }

  async #submit(): Promise<void> {
    if (this.#send.disabled) return;
    this.#send.disabled = true;
    this.#error.textContent = '';
    try {
      await this.#act();
      this.#dialog.close();
    } catch (error) {
      this.#error.textContent = reasonOf(error);
    } finally {
      this.#send.disabled = false;
    }
  }
}

export class Dialogs {
  readonly #variables = new Sheet('variables-dialog');
  readonly #sure = new Sheet('sure-dialog');
  readonly #box = byId<HTMLTextAreaElement>('variables-dialog-box');

  constructor() {
    this.#box.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) this.#box.form?.requestSubmit();
    });
  }

  askVariables({ title, explanation, action, send }: VariablesQuestion): void {
    this.#box.value = '{}';
    this.#variables.open(title, explanation, action, async () => {
      const checked = checkVariables(this.#box.value);
      if (!checked.ok) throw new Error(checked.reason);
      await send(checked.json);
    });
    this.#box.setSelectionRange(1, 1);
  }

  askWhetherSure({ title, explanation, yes, no, act }: Question): void {
    byId('sure-dialog-close').textContent = no;
    this.#sure.open(title, explanation, yes, act);
  }
}
