import { once } from 'node:events';
import { expect } from '@jest/globals';
import { ChatSocket, type Frame, get } from './chat-client.ts';

/** Access tokens of the people in a transcript, good for so many seconds. */
export type TokenOf = (person: string, seconds: number) => Promise<string>;

type Json = Record<string, unknown>;

/** A socket, and what came over it and has not been spoken of yet. */
interface Participant {
  socket: ChatSocket;
  pending: Frame[];
  closed: Promise<number>;
}

const LINE =
  /^(?<who>[\w-]+) (?:opens (?<path>\S+)(?: with a token for (?<seconds>\d+) s)?|(?<what>>|<|never gets|GET|\d{3}|is cut|closed) ?(?<rest>.*))$/;

/** What differs from run to run. Within one run the same stands for the same. */
const VARYING = ['id', 'timestamp', 'until'];

const PATIENCE_MS = 60_000;

/** Runs an example of PROTOCOL.md: does what clients do, and expects what the server says. */
export class Transcript {
  readonly #url: string;
  readonly #tokenOf: TokenOf;
  readonly #participants = new Map<string, Participant>();
  /** What a varying value of the page was in this run. */
  readonly #meanings = new Map<string, string>();
  #answer: Response | undefined;

  constructor(url: string, tokenOf: TokenOf) {
    this.#url = url;
    this.#tokenOf = tokenOf;
  }

  /** @throws when the server says something else, or something more */
  async run(lines: readonly string[]): Promise<void> {
    for (const line of lines) await this.#line(line);
    for (const [who, participant] of this.#participants) {
      if (participant.socket.socket.readyState !== participant.socket.socket.OPEN) continue;
      // Whatever came before the answer is here then.
      participant.socket.send({ action: 'ping', id: 'last' });
      await this.#take(who, (frame) => frame.ref === 'last');
      expect([who, participant.pending.filter(isNews)]).toEqual([who, []]);
      await participant.socket.close();
    }
  }

  async #line(line: string): Promise<void> {
    const { who = '', path, seconds, what, rest = '' } = LINE.exec(line)?.groups ?? {};
    if (path) await this.#open(who, path, Number(seconds ?? 300));
    else if (what === '>') this.#socketOf(who).socket.send(await this.#withTokens(rest));
    else if (what === '<' || what === 'never gets') await this.#expect(who, JSON.parse(rest));
    else if (what === 'is cut') this.#socketOf(who).socket.socket.terminate();
    else if (what === 'closed') expect(await this.#socketOf(who).closed).toBe(Number(rest));
    else if (what === 'GET') this.#answer = await get(this.#url, rest, await this.#token(who));
    else if (what) await this.#expectAnswer(Number(what), JSON.parse(rest));
    else throw new Error(`This line says nothing: ${line}`);
  }

  async #open(who: string, path: string, seconds: number): Promise<void> {
    const protocols = ['parlor.v1', await this.#token(who, seconds)];
    const socket = new ChatSocket(this.#url.replace('http', 'ws') + path, protocols);
    const closed = once(socket.socket, 'close').then(([code]) => Number(code));
    this.#participants.set(who, { socket: await socket.opened(), pending: [], closed });
  }

  async #expect(who: string, frame: Json): Promise<void> {
    const wanted = shape(frame);
    const found = await this.#take(who, (came) => this.#isSame(shape(came), wanted));
    this.#learn(frame, found);
  }

  async #expectAnswer(status: number, body: Json): Promise<void> {
    const answer: Json = await this.#answer?.json();
    expect([this.#answer?.status, localLinks(shape(answer))]).toEqual([
      status,
      localLinks(shape(body)),
    ]);
    const [wanted, found] = [body.results, answer.results] as [Json[], Json[]];
    wanted.forEach((event, index) => {
      this.#learn(event, found[index] ?? {});
    });
  }

  /** Waits for a frame; others that come before it are kept for later lines. */
  async #take(who: string, wanted: (frame: Frame) => boolean): Promise<Frame> {
    const { socket, pending } = this.#socketOf(who);
    for (let seen = 0; ; seen++) {
      if (seen === pending.length) pending.push(await this.#next(who, socket, pending));
      const frame = pending[seen];
      if (!frame || !wanted(frame)) continue;
      pending.splice(seen, 1);
      return frame;
    }
  }

  async #next(who: string, socket: ChatSocket, pending: Frame[]): Promise<Frame> {
    let late: NodeJS.Timeout | undefined;
    const silence = new Promise<never>((_, reject) => {
      late = setTimeout(() => {
        reject(new Error(`${who} waits in vain. What came instead: ${JSON.stringify(pending)}`));
      }, PATIENCE_MS);
    });
    return await Promise.race([socket.next(), silence]).finally(() => clearTimeout(late));
  }

  #isSame(came: Json, wanted: Json): boolean {
    return JSON.stringify(sorted(came)) === JSON.stringify(sorted(wanted));
  }

  /** An id, or an instant, that the page has twice must be the same twice. */
  #learn(written: Json, came: Json): void {
    for (const field of ['id', 'timestamp']) {
      if (!(field in written)) continue;
      const [page, run] = [instant(written[field]), instant(came[field])];
      const known = this.#meanings.get(page) ?? run;
      expect([field, run]).toEqual([field, known]);
      this.#meanings.set(page, run);
    }
  }

  #socketOf(who: string): Participant {
    const participant = this.#participants.get(who);
    if (!participant) throw new Error(`${who} has not opened a socket.`);
    return participant;
  }

  #token(who: string, seconds = 300): Promise<string> {
    return this.#tokenOf(who.replace(/-\d+$/, ''), seconds);
  }

  async #withTokens(frame: string): Promise<string> {
    const [placeholder, person] = /<(\w+)'s access token>/.exec(frame) ?? [];
    return placeholder && person ? frame.replace(placeholder, await this.#token(person)) : frame;
  }
}

/** It comes again with each sweep. */
const isNews = ({ code }: Frame) => code !== 'token_expiring';

/** REST ends an instant in another way than frames. */
const instant = (value: unknown) => String(value).replace(/(\+00:00|Z)$/, '');

const localLinks = (body: Json): Json => ({
  ...body,
  next: typeof body.next === 'string' ? body.next.replace(/^http:\/\/[^/]+/, '') : body.next,
});

/** The same with nothing left of varying values but that they are texts. */
function shape(value: Json): Json {
  const entries = Object.entries(value).map(([name, held]) => [
    name,
    VARYING.includes(name)
      ? typeof held
      : Array.isArray(held)
        ? held.map((item) => (typeof item === 'object' ? shape(item) : item))
        : held,
  ]);
  return Object.fromEntries(entries);
}

const sorted = (value: Json) => Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
