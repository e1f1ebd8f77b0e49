/** The page: what it shows follows from the address, a click on an element, and what the engine answers. */
import { Actions } from './actions';
import { EngineAway, greet, whatTheEngineIs } from './client';
import { Details } from './details';
import { DiagramView } from './diagram';
import { Dialogs, reasonOf } from './dialogs';
import { byId } from './dom';
import { Head } from './head';
import { marksOf, type Seen } from './marks';
import { Notices } from './notices';
import { Files, isCut, latestVersions, loadPicture, type Picture, type Subject, type Wish } from './picture';
import { Poller } from './poller';
import { parseRoute, processLink, type PageRoute } from './route';
import { Sidebar } from './sidebar';

class App {
  readonly #files = new Files();
  readonly #notices = new Notices(byId('notices'));
  readonly #poller = new Poller(() => this.#ask());
  readonly #actions = new Actions(new Dialogs(), {
    done: (sentence) => this.#notices.done(sentence),
    failed: (sentence) => this.#notices.failed(sentence),
    changed: () => this.#poller.now(),
  });
  readonly #head = new Head(byId('head'), this.#actions);
  readonly #sidebar = new Sidebar(
    {
      processes: byId('processes'),
      instances: byId('instances'),
      search: byId<HTMLInputElement>('process-search'),
      filter: byId<HTMLSelectElement>('instance-filter'),
    },
    { reload: () => this.#poller.now(), redraw: () => this.#draw() },
  );
  readonly #diagram = new DiagramView(
    { canvas: byId('canvas'), table: byId('elements'), note: byId('diagram-note') },
    (elementId) => this.#choose(elementId),
  );
  readonly #details = new Details(
    {
      selection: byId('selection'),
      nothing: byId('nothing'),
      incidents: byId('incidents'),
      tasks: byId('tasks'),
      jobs: byId('jobs'),
      variables: byId('variables'),
      links: byId('links'),
      history: byId('history'),
    },
    this.#actions,
    (elementId) => this.#choose(elementId),
    () => this.#draw(),
  );

  #picture: Picture | undefined;
  #selected: string | undefined;
  /** Key of the definition whose diagram is drawn. */
  #opened: string | undefined;
  #isAway = false;

  start(): void {
    window.addEventListener('hashchange', () => this.#addressChanged());
    byId('zoom-in').addEventListener('click', () => this.#diagram.zoom(1));
    byId('zoom-out').addEventListener('click', () => this.#diagram.zoom(-1));
    byId('zoom-fit').addEventListener('click', () => this.#diagram.fit());
    this.#poller.now();
  }

  #addressChanged(): void {
    this.#selected = undefined;
    this.#poller.now();
  }

  #choose(elementId: string | undefined): void {
    this.#selected = elementId === this.#selected ? undefined : elementId;
    this.#draw();
  }

  async #ask(): Promise<void> {
    const hash = location.hash;
    const wish: Wish = {
      route: parseRoute(hash),
      filter: this.#sidebar.filter,
      listed: this.#sidebar.listed,
    };
    try {
      if (this.#isAway) await greet();
      const picture = await loadPicture(wish, this.#picture);
      // Somebody has gone elsewhere meanwhile; that is asked for next.
      if (hash !== location.hash) return;
      if (wish.route.kind === 'home' && this.#goToFirst(picture)) return;
      this.#back();
      if (picture.definition?.processDefinitionId !== this.#picture?.definition?.processDefinitionId)
        this.#sidebar.restart();
      await this.#open(picture);
      this.#picture = picture;
      this.#draw();
    } catch (error) {
      if (error instanceof EngineAway) this.#away();
      else this.#say(reasonOf(error), true);
    }
  }

  /** Home is the first process, when there is one. @returns whether the address changes */
  #goToFirst({ definitions }: Picture): boolean {
    const [first] = latestVersions(definitions);
    if (first !== undefined) location.replace(processLink(first.processDefinitionId));
    return first !== undefined;
  }

  async #open({ definition }: Picture): Promise<void> {
    const key = definition?.processDefinitionKey;
    if (definition !== undefined && key !== undefined && key !== this.#opened) {
      await this.#diagram.open(await this.#files.text(key), definition.processDefinitionId);
      this.#opened = key;
    }
  }

  #away(): void {
    this.#isAway = true;
    // What comes back may be another engine, with other things under the same keys.
    this.#files.forget();
    this.#picture = undefined;
    this.#opened = undefined;
    this.#say('The engine is away. The page tries again every second.', true);
  }

  #back(): void {
    if (this.#isAway) this.#notices.done('The engine is back.');
    this.#isAway = false;
    this.#say('', false);
    byId('what-it-is').textContent = whatTheEngineIs();
  }

  #say(status: string, isBad: boolean): void {
    byId('status').textContent = status;
    document.body.classList.toggle('is-away', isBad);
  }

  #draw(): void {
    const picture = this.#picture;
    if (picture === undefined) return;
    const now = new Date();
    const { route, definition, subject } = picture;
    document.title = titleOfPage(route, definition?.name ?? definition?.processDefinitionId);
    document.body.classList.toggle('has-process', definition !== undefined);
    document.body.classList.toggle('has-instance', picture.instanceSubject !== undefined);
    this.#sidebar.show(picture, now);
    this.#head.show(picture, now);
    if (subject !== undefined) {
      const isPartial = isCut(subject.elements) || isCut(subject.jobs) || isCut(subject.incidents);
      this.#diagram.show(marksOf(seenIn(subject), now), isPartial, this.#selected);
    }
    this.#details.show({ picture, selected: this.#selected, now });
  }
}

function seenIn({ elements, incidents, jobs, called }: Subject): Seen {
  return { elements: elements.items, incidents: incidents.items, jobs: jobs.items, called };
}

function titleOfPage(route: PageRoute, process: string | undefined): string {
  const parts = [route.kind === 'instance' ? route.key : undefined, process, 'Local engine'];
  return parts.filter((part) => part !== undefined).join(' · ');
}

new App().start();
