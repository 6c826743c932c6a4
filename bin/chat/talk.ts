import type { Parlor, Room } from '../../client/index.ts';
import { parseRoomName } from '../../protocol/names.ts';
import { LOBBY } from './ask-room.ts';
import { HELP, parseLine } from './commands.ts';
import { complete } from './completion.ts';
import { noteConnection } from './connection-notes.ts';
import { readRooms } from './room-list.ts';
import { safeText } from './safe-text.ts';
import { Screen } from './screen.ts';
import { ShownRoom } from './shown-room.ts';
import { bold, dim } from './style.ts';
import { unsent } from './unsent.ts';

/** Somebody types and reads, until he leaves. @returns the exit code */
export async function talk(
  client: Parlor,
  username: string,
  url: string,
  first: string,
): Promise<number> {
  const { promise: left, resolve: leave } = Promise.withResolvers<number>();
  const rooms = new Set<Room>();
  /** Those that Tab knows. */
  const names = new Set([LOBBY, first]);
  const screen = new Screen(
    hear,
    () => leave(0),
    (line) => complete(line, names),
  );
  const print = (text: string) => screen.print(text);

  print(dim(`${url}, as ${safeText(username)}. /help tells what there is.`));
  noteConnection(
    client,
    (text) => print(dim(text)),
    () => leave(1),
  );
  process.once('SIGTERM', () => leave(143));
  process.once('SIGHUP', () => leave(129));
  let shown = enter(first);
  readRooms(client).then(
    (listed) => {
      for (const { name } of listed) names.add(name);
    },
    // Tab knows fewer then; whoever asks by /rooms is told.
    () => {},
  );

  function enter(name: string): ShownRoom {
    const entered = new ShownRoom(client, name, print);
    rooms.add(entered.room);
    names.add(name);
    entered.room.on('state', showPrompt);
    return entered;
  }

  /** How many messages wait stands before what is typed. */
  function showPrompt(): void {
    const count = unsent([shown.room]);
    screen.prompt(`${safeText(shown.room.name)}${count > 0 ? ` (${count} unsent)` : ''}> `);
  }

  function hear(line: string): void {
    const said = parseLine(line);
    if (said === 'nothing') return;
    if ('say' in said) shown.send(said.say);
    else if ('problem' in said) print(dim(safeText(said.problem)));
    else if (said.command === 'room') go(said.name);
    else if (said.command === 'rooms') void list();
    else if (said.command === 'history') void shown.showOlder();
    else if (said.command === 'retry') print(dim(`${shown.retry()} to send again.`));
    else if (said.command === 'drop') print(dim(`${shown.drop()} given up.`));
    else if (said.command === 'help') print(HELP);
    else leave(0);
  }

  async function list(): Promise<void> {
    try {
      const listed = await readRooms(client);
      for (const { name } of listed) names.add(name);
      const here = shown.room.name;
      const lines = listed.map(({ name, unread }) => {
        // What comes to a room that was entered here was on the screen, or will be.
        const isNew = unread > 0 && ![...rooms].some((room) => room.name === name);
        return `${name === here ? '*' : ' '} ${safeText(name)}${isNew ? bold(`  ${unread} new`) : ''}`;
      });
      print(lines.length > 0 ? lines.join('\n') : dim('You were in no room yet.'));
    } catch (error) {
      print(dim(`Your rooms can't be read: ${reasonOf(error)}`));
    }
  }

  /** Stays in this room, where there is no such other one or it takes nobody in. */
  function go(name: string): void {
    const from = shown.room.name;
    try {
      const room = parseRoomName(name);
      if (client.room(room) === shown.room) return;
      const next = enter(room);
      shown.hide();
      shown = next;
      showPrompt();
      const stop = next.room.on('state', () => {
        const { status } = next.room.state;
        if (status === 'live' || shown !== next) stop();
        else if (status === 'refused') {
          stop();
          go(from);
        }
      });
    } catch (error) {
      print(dim(`${reasonOf(error)} You stay in ${safeText(from)}.`));
    }
  }

  showPrompt();
  const code = await left;
  screen.close();
  const count = unsent(rooms);
  if (count > 0) console.log(`Not sent yet: ${count}. That is done when you come again.`);
  return code;
}

const reasonOf = (error: unknown): string =>
  safeText(error instanceof Error ? error.message : String(error));
