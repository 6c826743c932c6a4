import type { Target } from './target.ts';

/**
 * What a stage may do otherwise than AWS documents it. Whoever looks at such a stage says so, and
 * what rests on it is not asked there.
 */
export type Trait =
  /** A refused handshake has the status, the headers and the body that $connect answered. */
  | 'refusal status'
  /** The subprotocol that $connect returned is in the handshake's answer. */
  | 'subprotocol'
  /** Compression is not offered, whatever the client asks for. */
  | 'no compression'
  /** Binary messages close with 1003; frames over 32 KB, messages over 128 KB with 1009. */
  | 'message limits'
  /** Paths are the chat's own, /ws/chat/<room>/, which CloudFront and the local gateway know. */
  | 'socket paths'
  /** Functions behind the WebSocket API have logs as others do. */
  | 'socket logs'
  /** The docs are served. */
  | 'docs';

/** One thing that must hold: of every chat looked at from outside, unless it is of something else. */
export interface Check<Subject = Target> {
  /** What holds, in the present tense. */
  name: string;
  /** What it rests on. */
  needs?: readonly Trait[];
  /** How long it may take. Default: 30 seconds. */
  patienceMs?: number;
  /** @throws when it does not hold */
  run(subject: Subject): Promise<void>;
}

/** Checks that belong together. */
export interface Group<Subject = Target> {
  title: string;
  checks: readonly Check<Subject>[];
}

/** What is otherwise somewhere than on AWS, with what is known of it. */
export type Differences = ReadonlyMap<Trait, string>;
