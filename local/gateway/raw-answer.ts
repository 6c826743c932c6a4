import {
  type IncomingMessage,
  ServerResponse,
  validateHeaderName,
  validateHeaderValue,
} from 'node:http';
import type { Socket } from 'node:net';

/** An HTTP answer in the making. */
export interface RawAnswer {
  status: number;
  /** Headers with one or several values. */
  headers: Record<string, string | string[]>;
  body: string | Buffer;
}

/** What API Gateway itself says. */
export const gatewayAnswer = (
  status: number,
  body: object,
  headers: RawAnswer['headers'] = {},
): RawAnswer => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

/** The connection and how the body travels are between the gateway and the client. */
const HOP_BY_HOP = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
]);

/** @throws TypeError when a header can't be sent as it is */
export function checkHeaders(headers: RawAnswer['headers']): void {
  for (const [name, values] of Object.entries(headers)) {
    validateHeaderName(name);
    for (const value of [values].flat()) validateHeaderValue(name, value);
  }
}

/** Sends an answer whose headers have been checked. HEAD gets no body. */
export function sendAnswer(response: ServerResponse, answer: RawAnswer): void {
  const body = typeof answer.body === 'string' ? Buffer.from(answer.body) : answer.body;
  for (const [name, value] of Object.entries(answer.headers)) {
    if (!HOP_BY_HOP.has(name.toLowerCase())) response.setHeader(name, value);
  }
  response.statusCode = answer.status;
  if (answer.status !== 204 && answer.status !== 304) {
    response.setHeader('content-length', body.length);
  }
  response.end(body);
}

/** Answers an upgrade request with something else than an upgrade, and hangs up. */
export function refuseUpgrade(request: IncomingMessage, socket: Socket, answer: RawAnswer): void {
  if (socket.destroyed) return;
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket);
  response.on('finish', () => socket.destroySoon());
  sendAnswer(response, answer);
}
