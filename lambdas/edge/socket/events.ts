/**
 * The parts of API Gateway's WebSocket events that are used here. Messages have no headers and no
 * query; header names come as the client wrote them; absent maps are absent, not empty.
 */
export interface ConnectEvent {
  requestContext: {
    connectionId: string;
    requestId?: string;
    identity?: { sourceIp?: string };
  };
  headers?: Record<string, string | undefined> | null;
  queryStringParameters?: Record<string, string | undefined> | null;
}

export interface FrameEvent {
  requestContext: { connectionId: string; requestId?: string; routeKey?: string };
  body?: string | null;
  isBase64Encoded?: boolean;
}

export interface DisconnectEvent {
  /** Times are in milliseconds since 1970. */
  requestContext: { connectionId: string; connectedAt?: number; requestTimeEpoch?: number };
}

/** What API Gateway takes as an answer. On a route with a response the body goes to the client. */
export interface SocketAnswer {
  statusCode: number;
  headers?: Record<string, string>;
  body?: string;
}

/** Looks a header up, whatever the case of its name. */
export function header(event: ConnectEvent, name: string): string | undefined {
  const entries = Object.entries(event.headers ?? {});
  return entries.find(([key]) => key.toLowerCase() === name)?.[1];
}
