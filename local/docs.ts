import type { ReadDocs } from '../lambdas/edge/docs/handler.ts';
import { docsFiles } from '../lib/docs/docs-files.ts';

/** Reads the documentation as a deployment has it, built when it is first asked for. */
export function builtDocs(): ReadDocs {
  let built: ReturnType<typeof docsFiles> | undefined;
  return async (file) => {
    built ??= docsFiles();
    return (await built).get(file);
  };
}
