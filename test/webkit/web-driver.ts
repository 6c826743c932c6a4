import { eventually } from '../browser/eventually.ts';

/** For what is to appear in a page; a machine that does much else is slow. */
const PATIENCE = { withinMs: 60_000 };

/** For an answer of the driver: it loads whole pages, and starts browsers. */
const ANSWER_MS = 60_000;

/** Under this key an element's name stands in what the driver takes and gives. */
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

/** As the keyboard's Enter is written: https://w3c.github.io/webdriver/#keyboard-actions */
export const ENTER = '\uE007';

/** What a script takes and gives: JSON. */
type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** One browser with one page in it, led by W3C WebDriver: https://w3c.github.io/webdriver/ */
export class WebDriverPage {
  readonly #session: string;

  private constructor(session: string) {
    this.#session = session;
  }

  /**
   * @param driver where it listens
   * @throws Error where it starts no browser, with its reason
   */
  static async open(driver: string): Promise<WebDriverPage> {
    const { sessionId } = (await send(`${driver}/session`, 'POST', { capabilities: {} })) as {
      sessionId: string;
    };
    return new WebDriverPage(`${driver}/session/${sessionId}`);
  }

  /** Ends when the page has been loaded. */
  async goTo(url: string): Promise<void> {
    await this.#post('/url', { url });
  }

  /** Runs a function in the page; it sees nothing of what is around it here. */
  async run<A extends Json[], R>(script: (...given: A) => R, ...given: A): Promise<R> {
    const source = `return (${script})(...arguments)`;
    return (await this.#post('/execute/sync', { script: source, args: given })) as R;
  }

  /** Waits until somebody sees an element of these with that text in it. */
  async sees(selector: string, text = ''): Promise<void> {
    await this.#find(selector, text);
  }

  /** Clicks where somebody who sees it would. */
  async click(selector: string, text = ''): Promise<void> {
    await this.#post(`/element/${await this.#find(selector, text)}/click`, {});
  }

  /** Types key by key. */
  async type(selector: string, keys: string): Promise<void> {
    await this.#post(`/element/${await this.#find(selector, '')}/value`, { text: keys });
  }

  /** Ends the browser as well. */
  async close(): Promise<void> {
    await send(this.#session, 'DELETE');
  }

  #find(selector: string, text: string): Promise<string> {
    const script = `return [...document.querySelectorAll(arguments[0])]
      .find((element) => element.checkVisibility() && element.textContent.includes(arguments[1]))`;
    return eventually(async () => {
      const found = await this.#post('/execute/sync', { script, args: [selector, text] });
      const id = (found as Record<string, string> | null)?.[ELEMENT];
      if (!id) {
        const page = await this.run(() => document.body.innerText.slice(0, 500));
        throw new Error(`There is no ${selector} that says "${text}" in the page: ${page}`);
      }
      return id;
    }, PATIENCE);
  }

  #post(path: string, body: object): Promise<unknown> {
    return send(this.#session + path, 'POST', body);
  }
}

async function send(url: string, method: 'POST' | 'DELETE', body?: object): Promise<unknown> {
  const response = await fetch(url, {
    method,
    signal: AbortSignal.timeout(ANSWER_MS),
    ...(body && { body: JSON.stringify(body) }),
  });
  const { value } = (await response.json()) as { value: unknown };
  if (response.ok) return value;
  const { error, message } = value as { error: string; message: string };
  throw new Error(`WebDriver: ${error}: ${message}`);
}
