import type * as z from 'zod/mini';
import { ParlorError } from '../../../protocol/errors.ts';
import { ClientFrames } from '../../../protocol/frames.ts';
import { CLIENT_ID_CHARS } from '../../../protocol/limits.ts';
import { parse } from '../parse.ts';
import { decodeUtf8 } from '../utf8.ts';
import type { FrameEvent } from './events.ts';
import { ACTION_NAMES, type ActionName } from './served-by.ts';

/** A client's frame. The old clients' `{"message"}` is told apart by the action `shorthand`. */
export type ClientFrame =
  | z.infer<(typeof ClientFrames)[ActionName]>
  | { action: 'shorthand'; message: string };

export type Action = ClientFrame['action'];

/** A frame, or what is wrong with it; with its own id, if it has one, for the answer to carry. */
export type ReadFrame = { ref: string | undefined } & (
  | { frame: ClientFrame; error?: never }
  | { frame?: never; error: unknown }
);

/** The errors are ParlorErrors: `malformed_json`, `unknown_action`, `invalid_field`. */
export function readFrame(event: FrameEvent): ReadFrame {
  let ref: string | undefined;
  try {
    const frame = parseObject(textOf(event));
    ref = refOf(frame);
    return { ref, frame: parseByAction(frame) };
  } catch (error) {
    return { ref, error };
  }
}

export function unknownAction(problem: string): ParlorError {
  return new ParlorError('unknown_action', `${problem} Use one of ${ACTION_NAMES.join(', ')}.`);
}

/** Some emulators deliver text as binary. */
function textOf({ body, isBase64Encoded }: FrameEvent): string {
  if (!isBase64Encoded) return body ?? '';
  // An empty text is refused below, as what is no UTF-8 has to be.
  return decodeUtf8(Buffer.from(body ?? '', 'base64')) ?? '';
}

function parseObject(text: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Answered below, like every other text that is not an object.
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new ParlorError(
    'malformed_json',
    'A frame is a JSON object, for example {"action":"ping"}. This one is not.',
  );
}

function refOf(frame: object): string | undefined {
  const id = 'id' in frame ? frame.id : undefined;
  return typeof id === 'string' && id !== '' && id.length <= CLIENT_ID_CHARS ? id : undefined;
}

function parseByAction(frame: object): ClientFrame {
  if (!('action' in frame)) {
    if ('message' in frame) return { action: 'shorthand', ...parse(ClientFrames.shorthand, frame) };
    throw unknownAction('The frame names no action.');
  }
  const action = ACTION_NAMES.find((known) => known === frame.action);
  if (!action) throw unknownAction('There is no such action.');
  return parse(ClientFrames[action], frame);
}
