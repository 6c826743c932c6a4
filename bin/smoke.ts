import { parseArgs } from 'node:util';
import type { Differences } from '../smoke/check.ts';
import { allIsWell, summary, tablePrinter } from '../smoke/report.ts';
import { runSuite } from '../smoke/run-suite.ts';
import { outputsOf } from '../smoke/stack-outputs.ts';
import { SUITE } from '../smoke/suite.ts';
import { Target, type TargetOptions } from '../smoke/target.ts';
import { runScript } from './run-script.ts';

const USAGE = `npm run smoke -- --url URL | --stack NAME [options]

Sees whether a chat that runs somewhere does what it should: registers accounts, connects, talks,
reads history, is refused where it should be, loses its connection and catches up. Names of
accounts and rooms end in letters of this run; accounts and messages stay, logins are ended.

  --url URL         of the chat: https://... of a deployment, or http://localhost:8000
  --socket-url URL  wss://... of the WebSocket API's stage, where it was deployed without the edge
  --stack NAME      takes both from the outputs of a deployed stack, with the AWS credentials of
                    the environment
  --region NAME     the stack's region, where the environment doesn't say
  --without-docs    the chat was deployed with docs=false: then they must not be there
  --origin ORIGIN   what sockets say that they come from, where only some origins are let in.
                    Default: the chat's own
`;

const ANSWER_MS = 30_000;

const WITHOUT_DOCS: Differences = new Map([['docs', 'The chat was deployed without its docs.']]);

async function readOptions(): Promise<TargetOptions | 'help'> {
  const { values } = parseArgs({
    options: {
      url: { type: 'string' },
      'socket-url': { type: 'string' },
      stack: { type: 'string' },
      region: { type: 'string' },
      origin: { type: 'string' },
      'without-docs': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  const { origin } = values;
  const differences: Differences = values['without-docs'] ? WITHOUT_DOCS : new Map();
  if (values.stack) {
    const { addresses } = await outputsOf(values.stack, values.region);
    return { ...addresses, origin, differences };
  }
  if (!values.url) throw new Error('Say where the chat is: --url https://... or --stack Parlor.');
  return {
    origin,
    differences,
    url: readUrl(values.url, 'http'),
    socketUrl: values['socket-url'] && readUrl(values['socket-url'], 'ws'),
  };
}

function readUrl(text: string, scheme: string): string {
  const url = URL.parse(text);
  if (url?.protocol === `${scheme}:` || url?.protocol === `${scheme}s:`) return text;
  throw new Error(`${text} is no address that begins with ${scheme}s:// or ${scheme}://.`);
}

/** One word for all, where nothing is. */
async function mustAnswer(url: string): Promise<void> {
  const signal = AbortSignal.timeout(ANSWER_MS);
  const answer = await fetch(`${url}/api/rooms/`, { signal }).catch((error) => {
    throw new Error(`Nobody answers at ${url}: ${error.cause?.message ?? error.message}`);
  });
  // It wants a token: a chat of ours says so.
  if (answer.headers.get('x-error-code') !== 'not_authenticated')
    throw new Error(`${url}/api/rooms/ was answered ${answer.status}: no chat of ours.`);
}

async function main(): Promise<void> {
  const options = await readOptions();
  if (options === 'help') {
    console.log(USAGE);
    return;
  }
  const target = new Target(options);
  await mustAnswer(target.url);
  console.log(`${target.url}, accounts and rooms: ${target.name('*')}`);
  const start = performance.now();
  const results = await runSuite(target, SUITE, tablePrinter(console.log), target.differences);
  await target.cleanUp();
  console.log(`\n${summary(results, performance.now() - start)}`);
  // What a failed check has left under way is not waited for.
  process.exit(allIsWell(results) ? 0 : 1);
}

await runScript(main);
