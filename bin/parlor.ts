import { fileURLToPath } from 'node:url';
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { buildPage, bundleFunctions } from '../lib/bundle.ts';
import { readConfig } from '../lib/config.ts';
import { ParlorStack } from '../lib/parlor-stack.ts';

const codeDirectory = fileURLToPath(new URL('../dist/lambdas', import.meta.url));
const pageDirectory = fileURLToPath(new URL('../dist/web', import.meta.url));

const app = new App();
const config = readConfig(app.node);
await bundleFunctions(codeDirectory);
if (config.edge) await buildPage(pageDirectory);
new ParlorStack(app, 'Parlor', { config, codeDirectory, pageDirectory });
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
