/** What llhttp reports of an answer. Each returns 0, or what makes the parser stop. */
export interface AnswerEvents {
  onBegin(): number;
  /** Some letters of a name, or of a value: those of `bytes` from one place to another. */
  onHeaderField(bytes: Buffer, from: number, to: number): number;
  onHeaderValue(bytes: Buffer, from: number, to: number): number;
  onHead(status: number, upgrade: boolean, keepAlive: boolean): number;
  /** The bytes are those that were given to `read`: copy what is kept. */
  onBody(bytes: Buffer): number;
  onEnd(): number;
}

/** One answer after another, in as many pieces as they come. */
export interface Parser {
  /** @returns undefined, or why this is no HTTP. At most READ_BYTES. */
  read(bytes: Buffer): string | undefined;
  /** The other side sends no more. @returns as `read` */
  end(): string | undefined;
  /** Gives its memory back. Nothing may be read after that. */
  free(): void;
  /** What all parsers have together. */
  memoryBytes(): number;
}

/** How much is parsed at once: as much as one read from a socket may bring. */
export const READ_BYTES = 65_536;

const TYPE_RESPONSE = 2;
const OK = 0;

interface Exports {
  memory: WebAssembly.Memory;
  malloc(bytes: number): number;
  llhttp_alloc(type: number): number;
  llhttp_free(parser: number): void;
  llhttp_execute(parser: number, bytes: number, length: number): number;
  llhttp_finish(parser: number): number;
  llhttp_get_error_reason(parser: number): number;
}

export type OpenParser = (events: AnswerEvents) => Parser;

let loading: Promise<OpenParser> | undefined;

/** One instance serves all sockets of the process: JavaScript parses one piece at a time. */
export function loadParser(): Promise<OpenParser> {
  loading ??= load().catch((fault) => {
    loading = undefined;
    throw fault;
  });
  return loading;
}

async function load(): Promise<OpenParser> {
  const { bytes } = await import('./llhttp-bytes.cjs');
  return instantiate(await WebAssembly.compile(bytes));
}

function instantiate(module: WebAssembly.Module): OpenParser {
  let events: AnswerEvents | undefined;
  let bytes: Buffer = Buffer.alloc(0);
  // -1 stops the parser: it reads for nobody.
  const { exports } = new WebAssembly.Instance(module, {
    env: {
      wasm_on_url: () => OK,
      wasm_on_status: () => OK,
      wasm_on_message_begin: () => events?.onBegin() ?? -1,
      wasm_on_header_field: (_: number, at: number, length: number) =>
        events?.onHeaderField(bytes, at - scratch, at - scratch + length) ?? -1,
      wasm_on_header_value: (_: number, at: number, length: number) =>
        events?.onHeaderValue(bytes, at - scratch, at - scratch + length) ?? -1,
      wasm_on_headers_complete: (_: number, status: number, upgrade: number, alive: number) =>
        events?.onHead(status, upgrade === 1, alive === 1) ?? -1,
      wasm_on_body: (_: number, at: number, length: number) =>
        events?.onBody(bytes.subarray(at - scratch, at - scratch + length)) ?? -1,
      wasm_on_message_complete: () => events?.onEnd() ?? -1,
    },
  });
  const llhttp = exports as unknown as Exports;
  const scratch = llhttp.malloc(READ_BYTES);
  let view = new Uint8Array(llhttp.memory.buffer, scratch, READ_BYTES);

  function reason(parser: number): string {
    const at = llhttp.llhttp_get_error_reason(parser);
    if (at === 0) return 'unknown';
    const memory = Buffer.from(llhttp.memory.buffer);
    return memory.toString('latin1', at, memory.indexOf(0, at));
  }

  return (heard) => {
    const parser = llhttp.llhttp_alloc(TYPE_RESPONSE);
    const run = (parse: () => number) => {
      events = heard;
      try {
        return parse() === OK ? undefined : reason(parser);
      } finally {
        events = undefined;
      }
    };
    return {
      read(given) {
        bytes = given;
        // Parsers of further sockets may have made the memory grow, which makes it another buffer.
        if (view.buffer !== llhttp.memory.buffer) {
          view = new Uint8Array(llhttp.memory.buffer, scratch, READ_BYTES);
        }
        view.set(given);
        return run(() => llhttp.llhttp_execute(parser, scratch, given.length));
      },
      end: () => run(() => llhttp.llhttp_finish(parser)),
      free: () => llhttp.llhttp_free(parser),
      memoryBytes: () => llhttp.memory.buffer.byteLength,
    };
  };
}
