import type { IncomingMessage } from 'node:http';
import type { APIGatewayEventWebsocketRequestContextV2 } from 'aws-lambda';
import type { Forwarded } from './forwarded.ts';
import { requestHeaders } from './request-headers.ts';
import { newRequestId, requestTime } from './request-ids.ts';
import { STAGE } from './socket-url.ts';

/** What all events of a connection tell of it. */
export interface SocketOrigin {
  connectionId: string;
  /** Milliseconds since 1970. */
  connectedAt: number;
  domainName: string;
  identity: { sourceIp: string; userAgent?: string };
}

export interface SocketRequestContext
  extends Omit<APIGatewayEventWebsocketRequestContextV2, 'messageId'> {
  identity: SocketOrigin['identity'];
  /** On messages only. */
  messageId?: string;
  /** On $disconnect only. */
  disconnectStatusCode?: number;
  disconnectReason?: string;
}

export interface ConnectEvent {
  headers: Record<string, string>;
  multiValueHeaders: Record<string, string[]>;
  queryStringParameters?: Record<string, string>;
  multiValueQueryStringParameters?: Record<string, string[]>;
  requestContext: SocketRequestContext;
  isBase64Encoded: false;
}

export interface MessageEvent {
  requestContext: SocketRequestContext;
  body: string;
  isBase64Encoded: false;
}

export interface DisconnectEvent {
  requestContext: SocketRequestContext;
  isBase64Encoded: false;
}

export function socketOrigin(
  connectionId: string,
  request: IncomingMessage,
  { sourceIp }: Forwarded,
): SocketOrigin {
  const userAgent = request.headers['user-agent'];
  return {
    connectionId,
    connectedAt: Date.now(),
    domainName: request.headers.host ?? 'localhost',
    identity: { sourceIp, ...(userAgent === undefined ? {} : { userAgent }) },
  };
}

export function connectEvent(
  origin: SocketOrigin,
  request: IncomingMessage,
  query: string,
  forwarded: Forwarded,
): ConnectEvent {
  const headers = requestHeaders(request, forwarded);
  const parameters = [...new URLSearchParams(query)];
  const values = new Map<string, string[]>();
  for (const [name, value] of parameters) values.set(name, [...(values.get(name) ?? []), value]);
  return {
    // Of repeated ones the last stands for all.
    headers: Object.fromEntries(headers.map(([name, all]) => [name, all.at(-1) ?? ''])),
    multiValueHeaders: Object.fromEntries(headers),
    ...(parameters.length > 0 && {
      queryStringParameters: Object.fromEntries(parameters),
      multiValueQueryStringParameters: Object.fromEntries(values),
    }),
    requestContext: requestContext(origin, '$connect', 'CONNECT'),
    isBase64Encoded: false,
  };
}

/** No headers and no query: those are seen at $connect only. */
export function messageEvent(origin: SocketOrigin, routeKey: string, body: string): MessageEvent {
  return {
    requestContext: {
      ...requestContext(origin, routeKey, 'MESSAGE'),
      messageId: newRequestId(),
    },
    body,
    isBase64Encoded: false,
  };
}

export function disconnectEvent(
  origin: SocketOrigin,
  code: number,
  reason: string,
): DisconnectEvent {
  return {
    requestContext: {
      ...requestContext(origin, '$disconnect', 'DISCONNECT'),
      disconnectStatusCode: code,
      disconnectReason: reason,
    },
    isBase64Encoded: false,
  };
}

function requestContext(
  origin: SocketOrigin,
  routeKey: string,
  eventType: SocketRequestContext['eventType'],
): SocketRequestContext {
  const now = Date.now();
  const requestId = newRequestId();
  return {
    routeKey,
    eventType,
    ...origin,
    requestTimeEpoch: now,
    requestTime: requestTime(now),
    requestId,
    extendedRequestId: requestId,
    stage: STAGE,
    apiId: 'local',
    messageDirection: 'IN',
  };
}
