import { type DjangoOptions, readDjango } from '../../../bin/django/read-django.ts';
import { importRecords } from '../../../bin/transfer/import-records.ts';
import { everySecond } from '../../../bin/transfer/progress.ts';
import { dynamoRoomMembers } from '../../../lambdas/aws/room-members.ts';
import { fakeServices } from '../../fakes/services.ts';

/** What `npm run import` looks for by default. */
export const TABLES = {
  users: 'auth_user',
  messages: 'chat_message',
  rooms: 'chat_room',
  usernameField: 'username',
  roomNames: false,
};

export function aChat() {
  const fakes = fakeServices();
  const services = { ...fakes, members: dynamoRoomMembers(fakes.table) };
  return { ...services, progress: everySecond(services.clock, () => {}) };
}
export type Chat = ReturnType<typeof aChat>;

/** Imports a Django chat. @param say is told what the person who imports is told */
export async function bring(
  chat: Chat,
  path: string,
  say: (line: string) => void,
  options: Partial<DjangoOptions> = {},
) {
  const source = await readDjango(path, chat.accounts, {
    tables: TABLES,
    columns: [],
    skipProblems: false,
    checkOnly: false,
    say,
    ...options,
  });
  if (!source) return undefined;
  try {
    return await importRecords(chat, source.records);
  } finally {
    await source.close();
  }
}
