import { ParlorError } from '../../../protocol/errors.ts';
import { usernameKey } from '../../../protocol/names.ts';
import { deviceToken, knownDevice } from '../../auth/devices.ts';
import { isOwnMachine } from '../../auth/network.ts';
import { logIn } from '../../auth/sessions.ts';
import { authenticate, register } from '../../chat/accounts.ts';
import { countBySource } from '../../chat/source-limits.ts';
import type { Call } from './call.ts';
import { json } from './events.ts';
import type { LoginServices, Operations } from './handler.ts';

async function obtainToken(services: LoginServices, call: Call<'login' | 'obtainToken'>) {
  const { body, notes, network } = call;
  await countComing(services, network, 'login');
  const id = usernameKey(body.username);
  const find = () => services.accounts.find(id);
  const device = await knownDevice(services, body.device, id, find);
  const account = await authenticate(services, body, { network, device }).catch(async (error) => {
    notes.attempted = await services.tokens.fingerprint(id);
    throw error;
  });
  notes.userId = account.id;
  const tokens = await logIn(services, account);
  if (body.device === undefined) return json(200, tokens);
  return json(200, { ...tokens, device: await deviceToken(services, account, device) });
}

/** Programs of this machine are not counted, nor who comes through a proxy on it that is not trusted. */
async function countComing(
  services: LoginServices,
  network: string,
  kind: Parameters<typeof countBySource>[2],
): Promise<void> {
  if (!isOwnMachine(network)) await countBySource(services, network, kind);
}

/** @throws ParlorError `registration_closed` */
function requireOpenRegistration({ registration }: Pick<LoginServices, 'registration'>): void {
  if (registration === 'open') return;
  throw new ParlorError(
    'registration_closed',
    'Nobody can register here. Ask whoever runs this chat for an account.',
  );
}

/** What hashes a password, which takes most of a second of a processor. */
export const loginOperations = {
  async register(services, { body, notes, network }) {
    requireOpenRegistration(services);
    await countComing(services, network, 'registration');
    const account = await register(services, body);
    notes.userId = account.id;
    return json(201, { username: account.username });
  },

  login: obtainToken,
  obtainToken,
} satisfies Partial<Operations<LoginServices>>;
