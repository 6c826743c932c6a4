import { parseArgs } from 'node:util';
import { parseRoomName } from '../../protocol/names.ts';

export const USAGE = `npm run chat -- ROOM [options]

Talks in a room from the terminal; without ROOM it asks for one, and offers the lobby. What is not sent when it ends is sent the next time. Lines that
are piped in are sent as they are, and it ends when all of them are stored:

  uptime | PARLOR_PASSWORD=... npm run chat -- ops --user robot

  --url URL      of the chat. Default: http://localhost:8000, or PORT instead of 8000
  --user NAME    who you are. Default: it asks. The password is asked for, or taken from
                 PARLOR_PASSWORD
  --register     creates the account first
`;

export interface Options {
  /** To be asked for, where it is not told. */
  room: string | undefined;
  url: string;
  /** The same. */
  user: string | undefined;
  password: string | undefined;
  register: boolean;
  /** Whether somebody types and reads, not a pipe. */
  interactive: boolean;
}

/** @throws Error that says what to do */
export function readOptions(): Options | 'help' {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      url: { type: 'string' },
      user: { type: 'string' },
      register: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  const [room, ...others] = positionals;
  const interactive = process.stdin.isTTY === true && process.stdout.isTTY === true;
  if ((room === undefined && !interactive) || others.length > 0) {
    throw new Error('Say which room: npm run chat -- ROOM');
  }
  const password = process.env.PARLOR_PASSWORD;
  if (!interactive && !(values.user && password)) {
    throw new Error('The input is what is sent: say who you are by --user and PARLOR_PASSWORD.');
  }
  const { url = localUrl(), user, register } = values;
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? '')) {
    throw new Error('--url is no address. Write it like https://chat.example.com.');
  }
  const name = room === undefined ? undefined : parseRoomName(room);
  return { room: name, url, user, password, register, interactive };
}

/** Where `npm start` listens in the same environment. */
function localUrl(): string {
  const port = process.env.PORT || '8000';
  if (/^\d{1,5}$/.test(port)) return `http://localhost:${port}`;
  throw new Error(`PORT is "${port}". Give a number, for example PORT=8001, or say --url.`);
}
