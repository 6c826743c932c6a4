import { storeFailed } from './store-failed.ts';

/**
 * Tells other tabs that the owner of some entries lives: a Web Lock of its name, which the browser
 * lets go when the tab ends, in whatever way. Nobody ever lives twice.
 */
export class SignOfLife {
  readonly owner: string;
  readonly #prefix: string;
  readonly #locks: LockManager | undefined;
  #begun: Promise<void> | undefined;
  #end = (): void => {};

  /**
   * @param prefix of the locks' names
   * @param owner an id that was never given before
   */
  constructor(prefix: string, owner: string, locks: LockManager | undefined) {
    this.#prefix = prefix;
    this.owner = owner;
    this.#locks = locks;
  }

  /** When `begin`, if it was called, is done. */
  get begun(): Promise<unknown> | undefined {
    // Whoever called `begin` is told.
    return this.#begun?.catch(() => {});
  }

  /** @returns once all others can see it. @throws ParlorClientError `store_failed` */
  begin(): Promise<void> {
    this.#begun ??= this.#hold().catch((error: unknown) => {
      this.#begun = undefined;
      throw storeFailed(error);
    });
    return this.#begun;
  }

  /** @returns whoever of these does not live. @throws ParlorClientError `store_failed` */
  async deadOf(owners: readonly string[]): Promise<ReadonlySet<string>> {
    try {
      const held = (await this.#locks?.query())?.held ?? [];
      const living = new Set(held.map(({ name }) => name));
      // Where nobody can be seen, one knows of oneself only.
      const lives = (owner: string) => owner === this.owner || living.has(this.#prefix + owner);
      return new Set(owners.filter((owner) => !lives(owner)));
    } catch (error) {
      throw storeFailed(error);
    }
  }

  end(): void {
    this.#end();
  }

  async #hold(): Promise<void> {
    const locks = this.#locks;
    if (!locks) return;
    const ended = new Promise<void>((end) => {
      this.#end = end;
    });
    await new Promise<void>((held, failed) => {
      locks
        .request(this.#prefix + this.owner, () => {
          held();
          return ended;
        })
        .catch(failed);
    });
  }
}
