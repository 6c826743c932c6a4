import type { Parlor, Room } from '../../client/index.ts';
import { HELP, parseLine } from './commands.ts';
import { noteConnection } from './connection-notes.ts';
import type { Options } from './options.ts';
import { safeText } from './safe-text.ts';
import { Screen } from './screen.ts';
import { ShownRoom } from './shown-room.ts';
import { dim } from './style.ts';
import { unsent } from './unsent.ts';

/** Somebody types and reads, until he leaves. @returns the exit code */
export async function talk(client: Parlor, username: string, options: Options): Promise<number> {
  const { promise: left, resolve: leave } = Promise.withResolvers<number>();
  const rooms = new Set<Room>();
  const screen = new Screen(hear, () => leave(0));
  const print = (text: string) => screen.print(text);

  print(dim(`${options.url}, as ${safeText(username)}. /help tells what there is.`));
  noteConnection(
    client,
    (text) => print(dim(text)),
    () => leave(1),
  );
  process.once('SIGTERM', () => leave(143));
  process.once('SIGHUP', () => leave(129));
  let shown = enter(options.room);

  function enter(name: string): ShownRoom {
    const entered = new ShownRoom(client, name, print);
    rooms.add(entered.room);
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
    else if (said.command === 'history') void shown.showOlder();
    else if (said.command === 'retry') print(dim(`${shown.retry()} to send again.`));
    else if (said.command === 'drop') print(dim(`${shown.drop()} given up.`));
    else if (said.command === 'help') print(HELP);
    else leave(0);
  }

  function go(name: string): void {
    try {
      if (client.room(name) === shown.room) return;
      const next = enter(name);
      shown.hide();
      shown = next;
      showPrompt();
    } catch (error) {
      // Too many rooms: one stays in this one.
      print(dim(error instanceof Error ? safeText(error.message) : String(error)));
    }
  }

  showPrompt();
  const code = await left;
  screen.close();
  const count = unsent(rooms);
  if (count > 0) console.log(`Not sent yet: ${count}. That is done when you come again.`);
  return code;
}
