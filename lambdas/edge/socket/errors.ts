import type { MiddlewareObj } from '@middy/core';
import { ParlorError } from '../../../protocol/errors.ts';
import { errorFrame } from '../../chat/answer-frames.ts';
import type { ConnectionGateway } from '../../chat/ports/connection-gateway.ts';
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

/** The route of what names no action: an old client's messages, and what nobody understands. */
const DEFAULT_ROUTE = '$default';

/**
 * Middleware: an error becomes a frame of ours. API Gateway's own error frame would tell the
 * client nothing, and the connection lives on.
 *
 * An answer goes to the client by the response of its route. The default route has none: a route
 * with a response answers with an empty message where the function answers without a body, and an
 * old client would take that for a frame at each message of its own. So there errors are posted.
 */
export function errorFrames(
  gateway: Pick<ConnectionGateway, 'post'>,
): MiddlewareObj<FrameEvent, SocketAnswer> {
  return {
    async onError(request) {
      const error = asParlorError(request.error);
      const body = JSON.stringify(errorFrame(error));
      const { connectionId, routeKey } = request.event.requestContext;
      if (routeKey !== DEFAULT_ROUTE) {
        request.response = { statusCode: 200, body };
        return;
      }
      // A client that can't be told finds out as if the frame had been lost; the gateway's meter
      // counts it (PostsFailed).
      if (!error.details.told) await gateway.post(connectionId, body).catch(() => undefined);
      request.response = { statusCode: 200 };
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
