import { safeText } from './chat/safe-text.ts';

/** Runs a script to its end: what went wrong is told in a line, and in the exit code. */
export async function runScript(main: () => Promise<void>): Promise<void> {
  await main().catch((error: unknown) => {
    const problem = error instanceof Error ? error.message : String(error);
    const hint = problem === 'Region is missing' ? '. Give --region or set AWS_REGION.' : '';
    console.error(`Error: ${safeText(problem)}${hint}`);
    process.exit(1);
  });
}
