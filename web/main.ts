import { parseRoomName, usernameKey } from '../protocol/names.ts';
import { lobby } from './lobby.ts';
import { find } from './page.ts';
import { roomView } from './room-view.ts';
import { currentSession, logOut, onOtherTab, SignedOut } from './session.ts';
import { signIn } from './sign-in.ts';

/** The room that the address names, or undefined for the lobby. */
function roomOfAddress(): string | undefined {
  const [, name] = /^\/room\/([^/]+)\/?$/.exec(location.pathname) ?? [];
  try {
    return name && parseRoomName(decodeURIComponent(name));
  } catch {
    return undefined;
  }
}

const restart = () => location.reload();

function start(): void {
  const session = currentSession();
  find(document, '#who', HTMLElement).hidden = !session;
  if (!session) {
    signIn(start);
    return;
  }
  find(document, '#username', HTMLElement).textContent = session.username;

  const own = usernameKey(session.username);
  const room = roomOfAddress();
  if (room) {
    roomView(room, (sender) => usernameKey(sender) === own, restart);
    return;
  }
  // The list of rooms is a convenience: without it the form is still there.
  lobby().catch((error: unknown) => {
    if (error instanceof SignedOut) restart();
  });
}

find(document, '#log-out', HTMLElement).addEventListener('click', () => {
  void logOut().finally(restart);
});
// Refreshed tokens are told of too: only another user is news.
const shownUser = () => find(document, '#username', HTMLElement).textContent ?? '';
onOtherTab(() => {
  if ((currentSession()?.username ?? '') !== shownUser()) restart();
});
start();
