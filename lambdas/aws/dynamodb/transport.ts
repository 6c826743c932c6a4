import { setTimeout as sleep } from 'node:timers/promises';
import { isNativeError } from 'node:util/types';
import { crc32 } from 'node:zlib';
import { type AwsCredentials, requestSigner } from '../request-signer.ts';
import { fromBody, toBody } from './bodies.ts';
import { type SkewedClock, skewedClock } from './clock-skew.ts';
import { type Exchange, openExchange, type WireAnswer } from './exchange.ts';
import { brokenAnswer, failureOf, type Metadata, metadataOf } from './failures.ts';
import type { Input, Operation } from './operations.ts';
import { type FailureKind, kindOf, type RetryBudget, retryBudget } from './retries.ts';

/** Credentials that end are asked for again, five minutes before they do or when they are refused. */
export type CredentialSource =
  | AwsCredentials
  | (() => Promise<AwsCredentials & { expiration?: Date | undefined }>);

export interface TransportOptions {
  /** https://dynamodb.<region>.amazonaws.com, or what stands in for it. */
  endpoint: string;
  region: string;
  credentials: CredentialSource;
  /** In milliseconds, of each attempt. Default: 1,000. */
  connectMs?: number;
  /** In milliseconds, of each attempt: until the answer begins, and of any pause in it. Default: 2,000. */
  answerMs?: number;
  /** Default: this machine's. */
  now?: () => number;
  random?: () => number;
}

export interface Transport {
  /**
   * One call, with at most three attempts.
   *
   * @throws the SDK's exceptions, by name, with `$metadata`; TimeoutError and errors with Node's codes
   * when there was no answer: whether a write was carried out is not known then
   */
  call(operation: Operation, input: Input<Operation>): Promise<object>;
  close(): void;
}

const ATTEMPTS = 3;
const API = 'DynamoDB_20120810';
const EARLY_MS = 5 * 60 * 1_000;
/** What a request is refused by whose credentials have ended. */
const ENDED = new Set(['ExpiredTokenException', 'ExpiredToken', 'UnrecognizedClientException']);

type Sign = ReturnType<typeof requestSigner>;

/** DynamoDB's JSON protocol (AWS JSON 1.0), as far as the operations that Parlor uses. */
export function openTransport(options: TransportOptions): Transport {
  const { connectMs = 1_000, answerMs = 2_000, now = Date.now, random = Math.random } = options;
  const endpoint = new URL(options.endpoint);
  const exchange = openExchange({ endpoint, connectMs, answerMs });
  const signing = signers(options, now);
  const clock = skewedClock(now);
  const budget = retryBudget(random);
  const parts = { host: endpoint.host, exchange, signing, clock };
  return {
    call: async (operation, input) => {
      const body = JSON.stringify(toBody(input));
      return await persistently(budget, () => attemptOnce(parts, operation, body));
    },
    close: exchange.close,
  };
}

interface Signing {
  signer(): Sign | Promise<Sign>;
  /** Whether other credentials may do. */
  renew(): boolean;
}

interface Parts {
  host: string;
  exchange: Exchange;
  signing: Signing;
  clock: SkewedClock;
}

type Output = Record<string, unknown> & { $metadata: Metadata };
type Failure = Error & { $metadata?: Partial<Metadata> };
type Outcome = { output: Output } | { failure: Failure; kind: FailureKind; askedMs?: number };

async function persistently(budget: RetryBudget, attempt: () => Promise<Outcome>): Promise<Output> {
  let totalRetryDelay = 0;
  let cost: number | undefined;
  for (let attempts = 1; ; attempts++) {
    const outcome = await attempt();
    if ('output' in outcome) {
      budget.succeeded(cost);
      Object.assign(outcome.output.$metadata, { attempts, totalRetryDelay });
      return outcome.output;
    }
    const { failure, kind, askedMs } = outcome;
    const retry = attempts < ATTEMPTS ? budget.pauseBefore(kind, attempts - 1, askedMs) : undefined;
    if (!retry) {
      const $metadata = { ...failure.$metadata, attempts, totalRetryDelay };
      throw Object.assign(failure, { $metadata });
    }
    cost = retry.cost;
    totalRetryDelay += retry.pauseMs;
    if (retry.pauseMs > 0) await sleep(retry.pauseMs);
  }
}

async function attemptOnce(parts: Parts, operation: Operation, body: string): Promise<Outcome> {
  const { host, exchange, signing, clock } = parts;
  try {
    const sign = await signing.signer();
    const signedAt = clock.now();
    const headers = {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `${API}.${operation}`,
    };
    const signed = sign({ host, path: '/', body, now: signedAt, headers });
    signed['content-length'] = String(Buffer.byteLength(body));
    const answer = await exchange.post(signed, body);
    const read = readBody(answer);
    if (answer.status >= 200 && answer.status < 300) {
      return { output: { ...fromBody(read), $metadata: metadataOf(answer) } };
    }
    const failure = failureOf(answer, read);
    const mended =
      clock.correct(failure.name, signedAt, answer.headers.date) ||
      (ENDED.has(failure.name) && signing.renew());
    const kind = mended ? 'transient' : kindOf(failure);
    return { failure, kind, ...askedPause(answer) };
  } catch (thrown) {
    const failure: Failure = isNativeError(thrown) ? thrown : new Error(String(thrown));
    return { failure, kind: kindOf(failure) };
  }
}

/** @throws Error that never repeats the body, for it may hold what people said */
function readBody(answer: WireAnswer): Record<string, unknown> {
  const { headers, body } = answer;
  const sum = headers['x-amz-crc32'];
  if (sum !== undefined && Number(sum) !== crc32(body)) {
    throw brokenAnswer("The answer doesn't have the checksum that was sent with it.");
  }
  if (body.length === 0) return {};
  try {
    const read: unknown = JSON.parse(body.toString());
    if (typeof read === 'object' && read !== null) return read as Record<string, unknown>;
  } catch {
    // Told below.
  }
  throw Object.assign(new SyntaxError(`DynamoDB answered ${answer.status} with no JSON object.`), {
    $metadata: metadataOf(answer),
  });
}

/** For how long a service wants to be left alone. */
function askedPause({ headers }: WireAnswer): { askedMs?: number } {
  const ms = Number(headers['x-amz-retry-after'] ?? Number.NaN);
  const asked = Number.isNaN(ms) ? 1_000 * Number(headers['retry-after'] ?? Number.NaN) : ms;
  return asked > 0 ? { askedMs: asked } : {};
}

/** A signer for as long as its credentials are good. */
function signers({ region, credentials }: TransportOptions, now: () => number): Signing {
  const signerOf = (given: AwsCredentials) => requestSigner('dynamodb', region, given);
  if (typeof credentials !== 'function') {
    const sign = signerOf(credentials);
    return { signer: () => sign, renew: () => false };
  }
  const ask = credentials;
  let until = Number.NEGATIVE_INFINITY;
  let opening: Promise<Sign> | undefined;
  async function open(): Promise<Sign> {
    until = Number.POSITIVE_INFINITY;
    try {
      const given = await ask();
      until = (given.expiration?.getTime() ?? Number.POSITIVE_INFINITY) - EARLY_MS;
      return signerOf(given);
    } catch (error) {
      until = Number.NEGATIVE_INFINITY;
      throw error;
    }
  }
  return {
    signer() {
      if (!opening || now() >= until) opening = open();
      return opening;
    },
    renew() {
      until = Number.NEGATIVE_INFINITY;
      return true;
    },
  };
}
