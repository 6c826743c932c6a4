import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ACCOUNT, type Emulator, REGION } from './ministack.ts';
import { inEmulatorsWords, type Template } from './template.ts';

/** The CDK's command, against an emulator. Each throws Error with what the command said. */
export interface Cdk {
  bootstrap(): Promise<void>;
  /**
   * Synthesizes the app and deploys it.
   *
   * @param context `name=value`, as `-c` takes it
   * @returns whether there was anything to change
   */
  deploy(...context: string[]): Promise<'changed' | 'no changes'>;
  /** Logical ids of what stays when the stack goes, by the template last deployed. */
  retained(): Promise<string[]>;
  destroy(): Promise<void>;
}

const LIMIT_MS = 180_000;
/** CloudFront can't be had there: its sockets, and the function that fills its bucket, don't work. */
const WITHOUT_EDGE = ['-c', 'edge=false'];

/** The stack, as the app names it. */
export const STACK = 'Parlor';

/** @param root of the repository */
export function cdkAgainst({ folder }: Emulator, root: string): Cdk {
  let assemblies = 0;
  let assembly = '';
  const templateFile = () => join(assembly, `${STACK}.template.json`);

  async function cdk(...args: string[]): Promise<string> {
    const command = [join(root, 'node_modules/aws-cdk/bin/cdk'), ...args];
    return await run(process.execPath, command, root);
  }

  return {
    async bootstrap() {
      // By a template of the CDK's own; the app is not asked.
      await cdk('bootstrap', '--app', '', `aws://${ACCOUNT}/${REGION}`);
    },
    async deploy(...context) {
      assembly = join(folder, `assembly-${assemblies++}`);
      const chosen = context.flatMap((setting) => ['-c', setting]);
      await cdk('synth', '--quiet', ...WITHOUT_EDGE, ...chosen, '--output', assembly);
      const template = inEmulatorsWords(JSON.parse(await readFile(templateFile(), 'utf8')));
      await writeFile(templateFile(), JSON.stringify(template));
      const said = await cdk('deploy', STACK, '--app', assembly, '--require-approval', 'never');
      return said.includes(`${STACK} (no changes)`) ? 'no changes' : 'changed';
    },
    async retained() {
      const { Resources }: Template = JSON.parse(await readFile(templateFile(), 'utf8'));
      const all = Object.entries(Resources);
      return all
        .filter(([, part]) => /^Retain/.test(String(part.DeletionPolicy)))
        .map(([id]) => id);
    },
    async destroy() {
      await cdk('destroy', STACK, '--app', assembly, '--force');
    },
  };
}

/** @returns what it wrote to both outputs */
function run(command: string, args: string[], cwd: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const signal = AbortSignal.timeout(LIMIT_MS);

  const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], signal });
  const chunks: Buffer[] = [];
  for (const output of [child.stdout, child.stderr])
    output.on('data', (chunk) => chunks.push(chunk));
  // Before the emulator's folder goes, in which it writes.
  const stop = () => void child.kill('SIGKILL');
  process.prependOnceListener('exit', stop);
  child.once('error', reject);
  child.once('close', (code) => {
    process.off('exit', stop);
    const said = Buffer.concat(chunks).toString();
    if (code === 0) resolve(said);
    else reject(new Error(`cdk ${args[1]} ended with ${code}:\n${said.slice(-4_000)}`));
  });
  return promise;
}
