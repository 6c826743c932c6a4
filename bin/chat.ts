import { connect } from '../client/index.ts';
import { fileStore } from '../client/node.ts';
import { askRoom } from './chat/ask-room.ts';
import { logIn } from './chat/log-in.ts';
import { type Options, readOptions, USAGE } from './chat/options.ts';
import { safeText } from './chat/safe-text.ts';
import { sendLines } from './chat/send-lines.ts';
import { storeFolder } from './chat/store-folder.ts';
import { talk } from './chat/talk.ts';

/** What is left of a login at the end: nobody waits longer for a server that may be away. */
const GOODBYE_MS = 1_000;

async function chat(options: Options): Promise<number> {
  const room = options.room ?? (await askRoom());
  const session = await logIn(options);
  const { username = '' } = session;
  const store = fileStore(storeFolder(options.url, username));
  const client = connect({ url: options.url, token: session.token, username, store });
  const code = options.interactive
    ? await talk(client, username, options.url, room)
    : await sendLines(client, room);
  await client.close();
  await Promise.race([session.logOut(), new Promise((done) => setTimeout(done, GOODBYE_MS))]);
  return code;
}

async function main(): Promise<number> {
  const options = readOptions();
  if (options !== 'help') return await chat(options);
  console.log(USAGE);
  return 0;
}

await main().then(
  // What is still under way is in the store.
  (code) => process.exit(code),
  (error: unknown) => {
    const problem = error instanceof Error ? error.message : String(error);
    console.error(`Error: ${safeText(problem)}`);
    process.exit(1);
  },
);
