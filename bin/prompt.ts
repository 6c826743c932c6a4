import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { strictText } from '../local/strict-text.ts';
import { linesOf } from './transfer/lines.ts';

export interface Prompt {
  /** @throws Error when the input ends before an answer */
  ask(question: string): Promise<string>;
  /** The same; what is typed doesn't show. */
  askHidden(question: string): Promise<string>;
  close(): void;
}

/** Asks on the terminal, or takes the lines of an input that was piped in as the answers. */
export function openPrompt(): Prompt {
  return process.stdin.isTTY === true ? terminalPrompt() : pipedPrompt();
}

function pipedPrompt(): Prompt {
  const lines = linesOf(strictText(process.stdin, { name: 'Standard input' }));
  const ask = async (question: string): Promise<string> => {
    process.stdout.write(question);
    const { done, value } = await lines.next();
    if (done) throw inputEnded();
    return value;
  };
  return {
    ask,
    async askHidden(question) {
      try {
        return await ask(question);
      } finally {
        process.stdout.write('\n');
      }
    },
    close: () => process.stdin.destroy(),
  };
}

function terminalPrompt(): Prompt {
  let hidden = false;
  const output = new Writable({
    write(chunk, _encoding, done) {
      if (!hidden) process.stdout.write(chunk);
      done();
    },
  });
  const lines = createInterface({ input: process.stdin, output, terminal: true });
  // Ctrl-C reaches the interface, not the process, while it reads key by key.
  lines.on('SIGINT', () => process.exit(130));
  const answers = lines[Symbol.asyncIterator]();

  async function ask(question: string): Promise<string> {
    process.stdout.write(question);
    const { done, value } = await answers.next();
    if (done) throw inputEnded();
    // Readline decodes by itself, and a password of such marks would be that of many.
    if (value.includes('\ufffd')) {
      throw new Error(
        'This terminal sends something that is not UTF-8. Set its encoding to UTF-8.',
      );
    }
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

const inputEnded = () =>
  new Error('The input ended. --help tells how to give the answers without it.');
