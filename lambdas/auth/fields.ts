/**
 * The members of an object that an operator wrote. What is absent is undefined; what is there and
 * doesn't fit throws an Error that names it and says what it takes. Values are not repeated: a
 * secret may stand in the wrong place.
 */
export class Fields {
  readonly #where: string;
  readonly #members: ReadonlyMap<string, unknown>;
  readonly #known = new Set<string>();

  constructor(where: string, given: unknown) {
    if (typeof given !== 'object' || given === null || Array.isArray(given)) {
      throw new Error(`${where} is not an object. Write it as {…}.`);
    }
    this.#where = where;
    this.#members = new Map(Object.entries(given));
  }

  has(name: string): boolean {
    return this.#members.has(name);
  }

  text(name: string, shape = /./, wanted = 'a text'): string | undefined {
    return this.#read(name, wanted, (value) => typeof value === 'string' && shape.test(value)) as
      | string
      | undefined;
  }

  required(name: string, shape = /./, wanted = 'a text'): string {
    const text = this.text(name, shape, wanted);
    if (text === undefined) throw new Error(`${this.#where}.${name} is missing. Give ${wanted}.`);
    return text;
  }

  boolean(name: string): boolean | undefined {
    return this.#read(name, 'true or false', (value) => typeof value === 'boolean') as
      | boolean
      | undefined;
  }

  /** A text, or what a claim like `is_staff` is. */
  textOrBoolean(name: string): string | boolean | undefined {
    const fits = (value: unknown) => isText(value) || typeof value === 'boolean';
    return this.#read(name, 'a text, true or false', fits) as string | boolean | undefined;
  }

  seconds(name: string, least: number, most: number): number | undefined {
    const fits = (value: unknown) =>
      Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
    return this.#read(name, `a number of seconds from ${least} to ${most}`, fits) as
      | number
      | undefined;
  }

  /** One text, or a list of some. */
  texts(name: string): readonly string[] | undefined {
    const value = this.#read(name, 'a text or a list of texts', isTexts);
    return value === undefined ? undefined : toList(value as string | string[]);
  }

  textsByName(name: string): Record<string, readonly string[]> | undefined {
    if (!this.has(name)) return undefined;
    const within = this.fieldsOf(name);
    const entries = [...within.#members.keys()].map(
      (key) => [key, within.texts(key) ?? []] as const,
    );
    return Object.fromEntries(entries);
  }

  /** The name of a claim, or the list of names on the way to one within others. */
  path(name: string): readonly string[] | undefined {
    return this.texts(name);
  }

  fieldsOf(name: string): Fields {
    this.#known.add(name);
    return new Fields(`${this.#where}.${name}`, this.#members.get(name));
  }

  wrong(name: string, wanted: string): Error {
    return new Error(`${this.#where}.${name} is not ${wanted}.`);
  }

  /** @throws Error naming a member that nothing has asked for */
  refuseOthers(): void {
    const other = [...this.#members.keys()].find((name) => !this.#known.has(name));
    if (other === undefined) return;
    const known = [...this.#known].join(', ');
    throw new Error(`${this.#where}.${other} is not known. There are ${known}.`);
  }

  #read(name: string, wanted: string, fits: (value: unknown) => boolean): unknown {
    this.#known.add(name);
    const value = this.#members.get(name);
    if (value === undefined || fits(value)) return value;
    throw this.wrong(name, wanted);
  }
}

const isText = (value: unknown) => typeof value === 'string' && value !== '';
const isTexts = (value: unknown) =>
  isText(value) || (Array.isArray(value) && value.length > 0 && value.every(isText));
const toList = (value: string | string[]) => (typeof value === 'string' ? [value] : value);
