import type { Message } from './feed.ts';
import { element } from './page.ts';

/** Messages of one sender that follow each other within this stand under one name. */
const TOGETHER_MS = 5 * 60_000;

const at = (message: Message) => new Date(message.timestamp);
const dayOf = (message: Message) => at(message).toDateString();

/** The messages of a room as a list: under their day, and under their sender's name. */
export class MessageList {
  readonly #list: HTMLElement;
  readonly #mine: (sender: string) => boolean;
  #first: Message | undefined;
  #last: Message | undefined;

  constructor(list: HTMLElement, mine: (sender: string) => boolean) {
    this.#list = list;
    this.#mine = mine;
  }

  append(messages: readonly Message[]): void {
    this.#list.append(...this.#rows(messages, this.#last));
    this.#first ??= messages[0];
    this.#last = messages.at(-1) ?? this.#last;
  }

  prepend(messages: readonly Message[]): void {
    const [first, last] = [messages[0], messages.at(-1)];
    if (!first || !last) return;
    // The day that stands above what was first is not the first of its day any more.
    if (this.#first && dayOf(this.#first) === dayOf(last)) this.#list.firstElementChild?.remove();
    this.#list.prepend(...this.#rows(messages));
    this.#first = first;
    this.#last ??= last;
  }

  #rows(messages: readonly Message[], before?: Message): HTMLElement[] {
    let previous = before;
    return messages.flatMap((message) => {
      const newDay = !previous || dayOf(previous) !== dayOf(message);
      const row = this.#row(message, !newDay && previous && follows(previous, message));
      previous = message;
      return newDay ? [dayRow(message), row] : [row];
    });
  }

  #row(message: Message, together = false): HTMLElement {
    const time = element('time', '', at(message).toLocaleTimeString([], CLOCK));
    time.dateTime = message.timestamp;
    time.title = at(message).toLocaleString();
    const row = element(
      'li',
      'message',
      element('span', 'sender', message.sender),
      element('p', 'content', message.content),
      time,
    );
    row.classList.toggle('together', together);
    row.classList.toggle('own', this.#mine(message.sender));
    return row;
  }
}

const CLOCK = { hour: '2-digit', minute: '2-digit' } as const;

const follows = (before: Message, message: Message) =>
  before.sender === message.sender && at(message).getTime() - at(before).getTime() < TOGETHER_MS;

function dayRow(message: Message): HTMLElement {
  const day = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' } as const;
  return element('li', 'day', at(message).toLocaleDateString([], day));
}
