import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Runs test/sim/run.ts in a process of its own. @returns its exit code and what it printed */
export function runInProcess(...options: string[]): Promise<{ code: number; printed: string }> {
  return new Promise((resolve) => {
    const file = fileURLToPath(new URL('run.ts', import.meta.url));
    const maxBuffer = 100_000_000;
    const child = execFile(process.execPath, [file, ...options], { maxBuffer }, (_, out, error) =>
      resolve({ code: child.exitCode ?? 1, printed: out + error }),
    );
  });
}
