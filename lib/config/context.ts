import type { Node } from 'constructs';

/** The bounds of a number, and what stands where nothing is said. */
export interface WholeNumber {
  least: number;
  most: number;
  otherwise: number;
}

/**
 * What a deployer says, by `-c name=value` or in cdk.json's context. The command line knows only
 * text; JSON has true, false and numbers as well.
 *
 * Every reading throws an Error that names the setting, what it holds and what to write instead.
 */
export class Context {
  readonly #node: Node;
  readonly #known = new Set<string>();

  constructor(node: Node) {
    this.#node = node;
  }

  /** The settings that were asked for so far. */
  get known(): ReadonlySet<string> {
    return this.#known;
  }

  boolean(name: string, otherwise: boolean): boolean {
    const value = this.#get(name);
    if (value === undefined) return otherwise;
    if (value === true || value === 'true') return true;
    if (value === false || value === 'false') return false;
    throw new Error(
      `-c ${name}=${value} is neither true nor false. Write -c ${name}=${!otherwise}.`,
    );
  }

  wholeNumber(name: string, { least, most, otherwise }: WholeNumber): number {
    const value = this.#get(name);
    if (value === undefined) return otherwise;
    const number = wholeNumber(value);
    if (number !== undefined && number >= least && number <= most) return number;
    throw new Error(
      `-c ${name}=${value} is not a whole number from ${least} to ${most}. ` +
        `Write -c ${name}=${otherwise}.`,
    );
  }

  /** One that may be left out, which means something of its own. */
  optionalWholeNumber(
    name: string,
    { least, most, like }: { least: number; most: number; like: number },
  ): number | undefined {
    if (this.#get(name) === undefined) return undefined;
    return this.wholeNumber(name, { least, most, otherwise: like });
  }

  oneOf<Choice extends string | number>(
    name: string,
    choices: readonly Choice[],
    otherwise: Choice,
  ): Choice {
    const value = this.#get(name);
    if (value === undefined) return otherwise;
    const chosen = choices.find((choice) => String(choice) === String(value));
    if (chosen !== undefined) return chosen;
    throw new Error(
      `-c ${name}=${value} is none of ${choices.join(', ')}. Write -c ${name}=${otherwise}.`,
    );
  }

  /** @param wanted says what it should be, with an example: "a host name, like chat.example.com" */
  text(name: string, shape: RegExp, wanted: string): string | undefined {
    const value = this.#get(name);
    if (value === undefined) return undefined;
    if (typeof value === 'string' && shape.test(value)) return value;
    throw new Error(`-c ${name}=${asText(value)} is not ${wanted}.`);
  }

  /** Texts with commas between; as JSON, a list of them as well. Empty where nothing is said. */
  list(name: string, isGood: (item: string) => boolean, wanted: string): string[] {
    const value = this.#get(name);
    if (value === undefined) return [];
    const items: unknown[] = Array.isArray(value) ? value : String(value).split(',');
    return items.map((item) => {
      const text = typeof item === 'string' ? item.trim() : '';
      if (isGood(text)) return text;
      throw new Error(`-c ${name}: "${asText(item)}" is not ${wanted}.`);
    });
  }

  /** As it was said, for a reader that takes more than a word. Undefined where nothing is. */
  value(name: string): unknown {
    return this.#get(name);
  }

  #get(name: string): unknown {
    this.#known.add(name);
    return this.#node.tryGetContext(name);
  }
}

function wholeNumber(value: unknown): number | undefined {
  if (typeof value === 'boolean' || !/^\d+$/.test(String(value))) return undefined;
  return Number(value);
}

const asText = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
