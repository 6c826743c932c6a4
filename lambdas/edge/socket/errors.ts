import type { MiddlewareObj } from '@middy/core';
import { ParlorError } from '../../../protocol/errors.ts';
import { errorFrame } from '../../chat/answer-frames.ts';
import type { ConnectEvent, FrameEvent, SocketAnswer } from './events.ts';

/** Middleware: an error at the handshake becomes the status that refuses it. */
export function refusals(): MiddlewareObj<ConnectEvent, SocketAnswer> {
  return {
    onError(request) {
      const { status, message, code } = asParlorError(request.error);
      request.response = { statusCode: status, body: JSON.stringify({ detail: message, code }) };
    },
  };
}

/**
 * Middleware: an error becomes a frame of ours. API Gateway's own error frame would tell the
 * client nothing, and the connection lives on.
 */
export function errorFrames(): MiddlewareObj<FrameEvent, SocketAnswer> {
  return {
    onError(request) {
      const frame = errorFrame(asParlorError(request.error));
      request.response = { statusCode: 200, body: JSON.stringify(frame) };
    },
  };
}

/** The error as a client may see it; what it really was stands in the log. */
export function asParlorError(error: unknown): ParlorError {
  if (error instanceof ParlorError) return error;
  return new ParlorError(
    'internal',
    'Something went wrong on our side. Try again; send a message with the same clientId and after.',
  );
}

/** The same error, naming the frame that it answers. */
export function withRef(error: ParlorError, ref: string | undefined): ParlorError {
  if (ref === undefined) return error;
  return new ParlorError(error.code, error.message, { ...error.details, ref });
}
