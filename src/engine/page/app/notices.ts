/** What has happened, told at the edge of the page for a while. */
import { make, makeButton } from './dom';

const shownMs = 6000;

export class Notices {
  readonly #root: HTMLElement;

  constructor(root: HTMLElement) {
    this.#root = root;
  }

  done(sentence: string): void {
    const notice = this.#add(sentence, 'status');
    setTimeout(() => notice.remove(), shownMs);
  }

  /** Stays until somebody closes it. */
  failed(sentence: string): void {
    this.#add(sentence, 'alert');
  }

  #add(sentence: string, role: 'status' | 'alert'): HTMLElement {
    const notice = make('div', { class: `notice notice-${role}`, role }, make('span', {}, sentence));
    const close = makeButton('×', 'close notice', () => notice.remove(), {
      class: 'quiet',
      'aria-label': 'Close',
    });
    notice.append(close);
    this.#root.append(notice);
    return notice;
  }
}
