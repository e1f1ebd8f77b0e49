/** The page of the local engine, built and opened in a real Chromium. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Locator, type Page } from 'playwright-core';

/** Builds the page into a folder of its own. */
export function buildPage(): { readonly folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'engine-page-'));
  execFileSync(process.execPath, [join(__dirname, '../../dev/build-page.mjs'), folder], { stdio: 'inherit' });
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** A page as somebody sees it, with everything it should not do written down. */
export class EnginePage {
  /** Errors of scripts, and what the content security policy has stopped. */
  readonly errors: string[] = [];
  /** Addresses it has asked, without paths. */
  readonly asked = new Set<string>();

  private constructor(
    private readonly browser: Browser,
    readonly page: Page,
  ) {
    page.on('pageerror', (error) => this.errors.push(error.message));
    page.on('console', (message) => {
      if (/Content Security Policy/i.test(message.text())) this.errors.push(message.text());
    });
    page.on('dialog', (dialog) => this.errors.push(`A script has said: ${dialog.message()}`));
    page.on('request', (request) => this.asked.add(new URL(request.url()).origin));
  }

  static async open(executablePath: string): Promise<EnginePage> {
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
    page.setDefaultTimeout(15_000);
    return new EnginePage(browser, page);
  }

  /** @param hash what is looked at, such as `#/instance/123` */
  async goTo(url: string, hash = ''): Promise<void> {
    // Another address behind the `#` alone would not load the page anew.
    await this.page.goto('about:blank');
    await this.page.goto(`${url}/${hash}`);
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  /** The badge of a kind on an element of the diagram. */
  badge(elementId: string, kind: 'token' | 'incident' | 'job'): Locator {
    return this.page.locator(`.djs-overlays[data-container-id="${elementId}"] .badge-${kind}`);
  }

  /** Whether the diagram shows an element or flow so. */
  marked(elementId: string, marker: string): Locator {
    return this.page.locator(`#canvas [data-element-id="${elementId}"].${marker}`);
  }

  /** Fills the box of the dialog that is open and sends it. */
  async sendVariables(text: string): Promise<void> {
    await this.page.locator('#variables-dialog-box').fill(text);
    await this.page.locator('#variables-dialog-send').click();
  }

  /** Waits until a part of the page shows a text. */
  async shows(selector: string, text: string | RegExp): Promise<void> {
    await this.page.locator(selector).filter({ hasText: text }).first().waitFor();
  }

  async instanceState(): Promise<string | null> {
    return this.page.locator('#instance-state').textContent();
  }

  close(): Promise<void> {
    return this.browser.close();
  }
}
