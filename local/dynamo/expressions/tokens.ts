import { invalid } from '../errors.ts';

const TOKEN = /\s*(<=|>=|<>|[#:]?[A-Za-z_]\w*|[=<>()+\-.,])/y;

/** What an expression refers to by `#name` and `:value`. */
export interface Bindings {
  readonly names: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, unknown>>;
}

/** An expression that has been read to its end. */
export interface Parsed<Meaning> {
  readonly meaning: Meaning;
  /** The `#names` and `:values` that stand in it. */
  readonly uses: ReadonlySet<string>;
}

/** The words of an expression, one after the other. */
export class Tokens {
  readonly uses = new Set<string>();
  readonly #text: string;
  readonly #tokens: string[] = [];
  #next = 0;

  /** @throws ValidationException for a character that no expression has */
  constructor(text: string) {
    this.#text = text;
    TOKEN.lastIndex = 0;
    while (TOKEN.lastIndex < text.trimEnd().length) {
      const at = TOKEN.lastIndex;
      const token = TOKEN.exec(text)?.[1] ?? this.fail(`has something unknown at ${at}`);
      if (/^[#:]/.test(token)) this.uses.add(token);
      this.#tokens.push(token);
    }
  }

  peek(): string | undefined {
    return this.#tokens[this.#next];
  }

  take(): string {
    return this.#tokens[this.#next++] ?? this.fail('ends too early');
  }

  /** Takes a keyword or a sign, if it is next. Keywords may be small or large. */
  accept(token: string): boolean {
    if (this.peek()?.toUpperCase() !== token) return false;
    this.#next++;
    return true;
  }

  /** Takes a function's name, if it is next: those are case-sensitive. */
  acceptFunction(name: string): boolean {
    if (this.peek() !== name || this.#tokens[this.#next + 1] !== '(') return false;
    this.#next += 2;
    return true;
  }

  expect(token: string): void {
    if (!this.accept(token)) this.fail(`lacks "${token}" before "${this.peek() ?? 'its end'}"`);
  }

  fail(why: string): never {
    throw invalid(
      `The expression "${this.#text}" ${why}; the embedded engine takes what Parlor uses`,
    );
  }
}

/** So many different texts are remembered: adapters have a few dozen, a tool may send any. */
const REMEMBERED = 500;

/**
 * Reads expressions of one kind; each text once.
 *
 * @throws ValidationException for an expression that is not understood to its end
 */
export function reader<Meaning>(
  parse: (tokens: Tokens) => Meaning,
): (text: string) => Parsed<Meaning> {
  const known = new Map<string, Parsed<Meaning>>();
  return (text) => {
    const before = known.get(text);
    if (before) return before;
    const parsed = readToEnd(text, parse);
    if (known.size >= REMEMBERED) known.clear();
    known.set(text, parsed);
    return parsed;
  };
}

function readToEnd<Meaning>(text: string, parse: (tokens: Tokens) => Meaning): Parsed<Meaning> {
  const tokens = new Tokens(text);
  const meaning = parse(tokens);
  if (tokens.peek() !== undefined) tokens.fail(`goes on with "${tokens.peek()}"`);
  return { meaning, uses: tokens.uses };
}
