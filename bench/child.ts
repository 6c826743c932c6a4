import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';

/** As local/readable-lines.ts writes of a request. */
const FAILED = / failed(?: \([^)]*\))?, \d+ ms/g;

/** No child of a benchmark lives longer, whatever happens to its parent. */
const LONGEST_MS = 240_000;

/** Runs a script to its end and reads the one line of JSON that it prints. */
export async function runChild<Result>(
  script: string,
  args: readonly string[],
  env: Record<string, string> = {},
  flags: readonly string[] = [],
): Promise<Result> {
  const child = spawn(process.execPath, [...flags, script, ...args], {
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: LONGEST_MS,
    killSignal: 'SIGKILL',
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${script} ended with ${code}: ${output}`);
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

/** Starts a script that says by `process.send` when it is ready, and then answers questions. */
export async function startChild<Ready>(
  script: URL,
  args: readonly string[] = [],
  env: Record<string, string> = {},
): Promise<Child<Ready>> {
  const child = fork(script, [...args], {
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'pipe', 'ignore', 'ipc'],
  });
  let failures = 0;
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    failures += text.match(FAILED)?.length ?? 0;
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), LONGEST_MS);
  const ready = await answerOf<Ready>(child);
  return {
    ready,
    failures: () => failures,
    async ask(question) {
      const answer = answerOf<never>(child);
      child.send(question as object);
      return await answer;
    },
    async stop() {
      clearTimeout(timer);
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function answerOf<Answer>(child: ChildProcess): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const ended = () => reject(new Error('A child ended before it answered.'));
    child.once('exit', ended);
    child.once('message', (answer) => {
      child.off('exit', ended);
      resolve(answer as Answer);
    });
  });
}
