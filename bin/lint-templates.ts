import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type PythonTool, provideTool, TOOL_OPTIONS } from '../smoke/python-tool.ts';
import { runScript } from './run-script.ts';

const USAGE = `npm run check:templates [-- options]

Has cfn-lint look at the templates that npm run synth left in cdk.out/: whether CloudFormation would take
them, in every region that they may be deployed to.

  --install        installs cfn-lint into .cfn-lint/ first, where there is none: wants Python
  --if-installed   succeeds, with a word, where it is not installed, or can't be
`;

const CFN_LINT: PythonTool = {
  what: 'cfn-lint, which knows what CloudFormation takes',
  package: 'cfn-lint',
  version: '1.58.0',
  command: 'cfn-lint',
  venv: '.cfn-lint',
};

/** A stack's region is the deployer's choice; those beside it say theirs. */
const REGIONS = ['us-east-1', 'eu-central-1', 'ap-southeast-2'];

/** CDK says DependsOn where a Ref says so already. */
const IGNORED = ['W3005'];

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const OUT = join(ROOT, 'cdk.out');

await runScript(async () => {
  const { values } = parseArgs({ options: TOOL_OPTIONS });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  // Without the folder there are none, which is told below.
  const files = await readdir(OUT).catch((): string[] => []);
  const templates = files.filter((name) => name.endsWith('.template.json'));
  if (templates.length === 0) throw new Error('There is no template in cdk.out: npm run synth.');
  const command = await provideTool(CFN_LINT, ROOT, values.install);
  const isWell = command ? await lint(command, templates) : values['if-installed'];
  if (!isWell) process.exitCode = 1;
});

async function lint(command: string, templates: readonly string[]): Promise<boolean> {
  const paths = templates.map((name) => join(OUT, name));
  const options = ['--regions', ...REGIONS, '--ignore-checks', ...IGNORED, '--', ...paths];
  const child = spawn(command, options, { stdio: 'inherit' });
  const [code] = await once(child, 'exit');
  if (code === 0) console.log(`cfn-lint has nothing to say of ${templates.length} templates.`);
  return code === 0;
}
