import * as z from 'zod/mini';
import {
  CLIENT_ID_CHARS,
  CONTENT_BYTES,
  KIND_CHARS,
  LOOKED_UP_CHARS,
  METADATA_BYTES,
  METADATA_DEPTH,
  ROOM_NAME_CHARS,
} from './limits.ts';

/** Fields that frames and REST bodies share. Each `describe`s itself for the generated contracts. */

/**
 * Says in the contracts that a text may not be blank. Who refuses it, and in which words, differs:
 * forms do it in Django's, content and rooms have codes of their own.
 */
export const notBlank = z.meta({ minLength: 1 });

export const RoomName = z
  .string()
  .check(
    notBlank,
    z.describe(`1 to ${ROOM_NAME_CHARS} letters of any script, digits, "_" and "-". Case matters.`),
  );

export const Content = z
  .string()
  .check(
    notBlank,
    z.describe(
      `The text, at most ${CONTENT_BYTES} bytes of UTF-8, with something in it that shows, and without control characters other than tab and line breaks.`,
    ),
  );

export const ClientId = z
  .string()
  .check(
    z.minLength(1),
    z.maxLength(CLIENT_ID_CHARS),
    z.regex(/^[\x21-\x7e]+$/),
    z.describe(
      `The client's own id for the message, 1 to ${CLIENT_ID_CHARS} visible ASCII characters, new for each message and the same for each retry of it. A UUID will do.`,
    ),
  );

export const Seq = z
  .int()
  .check(
    z.minimum(0),
    z.describe(
      "A position in the room's log. Events are numbered 1, 2, 3, ... without a hole; 0 stands before the first.",
    ),
  );

/** What a message says. All but the content may be left out, and is then absent. */
export const messageFields = {
  content: Content,
  replyTo: z.optional(
    z
      .int()
      .check(
        z.minimum(1),
        z.describe('The seq of the message that this one answers. That must be kept in the room.'),
      ),
  ),
  metadata: z.optional(
    z
      .record(z.string(), z.unknown())
      .check(
        z.describe(
          `A JSON object of the application's own, at most ${METADATA_BYTES} bytes as JSON and ${METADATA_DEPTH} levels deep. It comes back as it was sent.`,
        ),
      ),
  ),
  kind: z.optional(
    z
      .string()
      .check(
        z.maxLength(KIND_CHARS),
        z.regex(/^[a-z][a-z0-9._-]*$/),
        z.describe(
          `Of a custom message: what kind it is to the application, 1 to ${KIND_CHARS} of a-z, 0-9, ".", "_" and "-", a letter first. Its content is what clients show that don't know the kind.`,
        ),
      ),
  ),
};

/** A message as it is shown: with what hangs on it. */
export const shownMessageFields = {
  ...messageFields,
  content: z
    .string()
    .check(z.describe('The text as it stands by now; empty where the message was deleted.')),
  version: z.optional(
    z
      .int()
      .check(
        z.minimum(1),
        z.describe(
          'Only of a message that was changed: the seq of the edit that brought its text.',
        ),
      ),
  ),
  editedAt: z.optional(
    z.string().check(z.describe('When that was: ISO 8601 in UTC with microseconds, ending in Z.')),
  ),
  deleted: z.optional(
    z
      .strictObject({
        by: z.string().check(z.describe('Who deleted it, as everybody sees the name.')),
        at: z.string().check(z.describe('ISO 8601 in UTC with microseconds, ending in Z.')),
      })
      .check(z.describe('Only of a message that was deleted: nothing else of it is left.')),
  ),
};

/** The message that something hangs on, by its seq. */
export const Target = z
  .int()
  .check(z.minimum(1), z.describe('The seq of the message that it is about.'));

export const BaseVersion = z
  .int()
  .check(
    z.minimum(1),
    z.describe(
      'The version that was changed: `version` of the message, or its seq where it has none.',
    ),
  );

export const Count = z.int().check(z.minimum(0));

export const After = Seq.check(
  z.describe(
    'The seq up to which the sender knows that this message is not in the log: the head it knew at the first attempt, or the point to which it has replayed since.',
  ),
);

const SHOWN =
  'A name as everybody sees it: a username or, of another issuer\'s user, a name with the issuer behind it, like "alice (corp)" or "Alice Smith #1f0c2a9e (corp)".';

export const Shown = z.string().check(z.describe(SHOWN));

/** The same from who looks somebody up. */
export const LookedUp = z.string().check(notBlank, z.maxLength(LOOKED_UP_CHARS), z.describe(SHOWN));
