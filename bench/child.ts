import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { printOnce } from './printed-once.ts';

/** As local/readable-lines.ts writes of a request. */
const FAILED = / failed(?: \([^)]*\))?, \d+ ms/g;

/**
 * No child that runs to its end takes longer, and none that serves: a busy machine takes several times
 * what a quiet one does. Those that serve end with their parent, too.
 */
const LONGEST_MS = 30 * 60_000;

/** Runs a script to its end and reads the one line of JSON that it prints. */
export async function runChild<Result>(
  script: string,
  args: readonly string[],
  env: Record<string, string> = {},
  flags: readonly string[] = [],
): Promise<Result> {
  const child = spawn(process.execPath, [...flags, script, ...args], {
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: LONGEST_MS,
    killSignal: 'SIGKILL',
  });
  const said = printOnce(child.stderr);
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const [code, signal] = await once(child, 'close');
  if (code !== 0) throw new Error(`${script} ended by ${signal ?? code}. ${said()}`);
  return JSON.parse(output.trimEnd().split('\n').at(-1) ?? '');
}

/** A process that serves this one until it is stopped. */
export interface Child<Ready> {
  ready: Ready;
  /** Sends a question and waits for the next answer. */
  ask<Answer>(question: unknown): Promise<Answer>;
  /** How many requests it has logged as failed so far. */
  failures(): number;
  stop(): Promise<void>;
}

/**
 * Starts a script that says by `process.send` when it is ready, and then answers questions.
 *
 * @throws Error with what it said last, when it ends before it is ready; so does `ask`
 */
export async function startChild<Ready>(
  script: URL,
  args: readonly string[] = [],
  env: Record<string, string> = {},
): Promise<Child<Ready>> {
  const child = fork(script, [...args], {
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  if (!child.stderr) throw new Error('A child has no stderr.');
  const said = printOnce(child.stderr);
  let failures = 0;
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    failures += text.match(FAILED)?.length ?? 0;
  });
  const name = fileURLToPath(script).split('/bench/').at(-1) ?? '';
  let stopped = false;
  child.once('exit', (code, signal) => {
    // Else its parent would only see that sockets break.
    if (!stopped) console.error(`${name} ended by ${signal ?? code}. ${said()}`);
  });
  const timer = setTimeout(() => {
    console.error(`${name} is stopped after ${LONGEST_MS / 60_000} minutes.`);
    child.kill('SIGKILL');
  }, LONGEST_MS);
  const ended = () => new Error(`${name} ended before it answered. ${said()}`);
  const ready = await answerOf<Ready>(child, ended);
  return {
    ready,
    failures: () => failures,
    async ask(question) {
      const answer = answerOf<never>(child, ended);
      child.send(question as object);
      return await answer;
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function answerOf<Answer>(child: ChildProcess, failure: () => Error): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const ended = () => reject(failure());
    child.once('close', ended);
    child.once('message', (answer) => {
      child.off('close', ended);
      resolve(answer as Answer);
    });
  });
}
