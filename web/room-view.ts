import type { Link } from './connection.ts';
import { MessageList } from './message-list.ts';
import type { Draft } from './outbox.ts';
import { element, find, show } from './page.ts';
import { Room } from './room.ts';

const LINK_TEXT: Record<Link, string> = {
  connecting: 'Connecting…',
  live: 'Connected',
  lost: 'Connection lost. Trying again…',
};

/** Shows a room, for as long as the page is open. */
export function roomView(name: string, mine: (sender: string) => boolean, signedOut: () => void) {
  const view = show('room');
  const part = (selector: string) => find(view, selector, HTMLElement);
  const [scroll, log, toEnd, earlier] = [
    part('.scroll'),
    part('.log'),
    part('.to-end'),
    part('.earlier'),
  ];
  part('h1').textContent = name;
  document.title = `${name} · Parlor`;
  const list = new MessageList(log, mine);
  const atEnd = () => scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 80;
  const goToEnd = () => scroll.scrollTo({ top: scroll.scrollHeight });
  /** Changes what is shown, and stays at the end if the reader was there. */
  const following = (change: () => void) => {
    const follow = atEnd();
    change();
    if (follow) goToEnd();
    return follow;
  };

  const room = new Room(name, mine, {
    link: (link) => {
      part('.link').textContent = LINK_TEXT[link];
      view.dataset.link = link;
    },
    newer: (messages) => {
      part('.empty').hidden = true;
      part('.problem').textContent = '';
      if (!following(() => list.append(messages))) toEnd.hidden = false;
    },
    older: (messages, more) => {
      // History is not news: a screen reader shall not read it all out.
      log.setAttribute('aria-busy', 'true');
      const below = scroll.scrollHeight - scroll.scrollTop;
      list.prepend(messages);
      part('.empty').hidden = log.childElementCount > 0;
      earlier.hidden = !more;
      scroll.scrollTop = scroll.scrollHeight - below;
      requestAnimationFrame(() => log.setAttribute('aria-busy', 'false'));
    },
    drafts: (drafts) => following(() => part('.drafts').replaceChildren(...drafts.map(draftRow))),
    failed: (reason) => {
      part('.problem').textContent = reason;
    },
    signedOut,
  });

  function draftRow({ clientId, content, state, reason = '' }: Draft): HTMLElement {
    const row = element('li', `message own draft ${state}`, element('p', 'content', content));
    if (state !== 'failed') {
      row.append(element('span', 'note', state === 'waiting' ? 'waiting' : 'sending'));
      return row;
    }
    row.append(
      element('span', 'note', `Not sent. ${reason}`),
      element(
        'span',
        'choices',
        button('Send again', () => room.retry(clientId)),
        button('Discard', () => room.discard(clientId)),
      ),
    );
    return row;
  }

  // Not every browser lets the keyboard scroll what can't have the focus.
  scroll.tabIndex = 0;
  scroll.addEventListener('scroll', () => {
    if (atEnd()) toEnd.hidden = true;
  });
  toEnd.addEventListener('click', goToEnd);
  earlier.addEventListener('click', () => {
    room.loadOlder().catch(() => {
      part('.problem').textContent = 'Earlier messages could not be loaded. Try again.';
    });
  });
  composer(part('.composer'), (content) => {
    room.say(content);
    goToEnd();
  });
}

function button(text: string, act: () => void): HTMLElement {
  const made = element('button', 'quiet', text);
  made.type = 'button';
  made.addEventListener('click', act);
  return made;
}

/** Enter sends, Shift+Enter breaks the line; Enter that ends a word of an input method does neither. */
function composer(form: HTMLElement, say: (content: string) => void): void {
  const input = find(form, 'textarea', HTMLTextAreaElement);
  const send = () => {
    if (input.value.trim() === '') return;
    say(input.value);
    input.value = '';
  };
  input.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    send();
    input.focus();
  });
  input.focus();
}
