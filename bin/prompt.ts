import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

export interface Prompt {
  /** @throws Error when the input ends before an answer */
  ask(question: string): Promise<string>;
  /** The same; what is typed doesn't show. */
  askHidden(question: string): Promise<string>;
  close(): void;
}

/** Asks on the terminal, or takes the lines of an input that was piped in as the answers. */
export function openPrompt(): Prompt {
  let hidden = false;
  const output = new Writable({
    write(chunk, _encoding, done) {
      if (!hidden) process.stdout.write(chunk);
      done();
    },
  });
  const terminal = process.stdin.isTTY === true;
  const lines = createInterface({ input: process.stdin, output, terminal });
  // Ctrl-C reaches the interface, not the process, while it reads key by key.
  lines.on('SIGINT', () => process.exit(130));
  const answers = lines[Symbol.asyncIterator]();

  async function ask(question: string): Promise<string> {
    process.stdout.write(question);
    const { done, value } = await answers.next();
    if (done) throw new Error('The input ended. --help tells how to give the answers without it.');
    return value;
  }

  return {
    ask,
    async askHidden(question) {
      process.stdout.write(question);
      hidden = true;
      try {
        return await ask('');
      } finally {
        hidden = false;
        process.stdout.write('\n');
      }
    },
    close: () => lines.close(),
  };
}
