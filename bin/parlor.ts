import { fileURLToPath } from 'node:url';
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { buildPage } from '../lib/build-page.ts';
import { bundleFunctions } from '../lib/bundle.ts';
import { refuseHome } from '../lib/config/backup.ts';
import { type Config, readConfig } from '../lib/config.ts';
import { addStage } from '../lib/parlor-app.ts';

const codeDirectory = fileURLToPath(new URL('../dist/lambdas', import.meta.url));
const pageDirectory = fileURLToPath(new URL('../dist/web', import.meta.url));

/** What is wrong with a setting is told in a sentence or two, without where in here it was found. */
function readSettings(app: App): Config {
  try {
    const config = readConfig(app.node);
    // The CDK's command says it, where it knows.
    refuseHome(config.backup, process.env.CDK_DEFAULT_REGION);
    return config;
  } catch (error) {
    console.error(`\n${error instanceof Error ? error.message : error}\n`);
    process.exit(1);
  }
}

const app = new App();
const config = readSettings(app);
await bundleFunctions(codeDirectory);
if (config.edge) await buildPage(pageDirectory, config);
addStage(app, { config, codeDirectory, pageDirectory });
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
