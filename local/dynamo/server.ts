import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { DynamoDBServiceException } from '@aws-sdk/client-dynamodb';
import { fromBody, toBody } from '../../lambdas/aws/dynamodb/bodies.ts';
import { listen, stopListening } from '../gateway/listening.ts';
import { readBody } from '../gateway/request-body.ts';
import type { Engine } from './engine.ts';
import { fault, invalid } from './errors.ts';
import { OPERATIONS, type Operation } from './requests.ts';

const HOST = '127.0.0.1';
const API = 'DynamoDB_20120810.';
/** DynamoDB takes no larger request. */
const REQUEST_BYTES = 16 * 1024 * 1024;

export interface EngineServer {
  /** http://127.0.0.1:NNNNN */
  readonly endpoint: string;
  close(): Promise<void>;
}

/**
 * An engine behind DynamoDB's protocol (JSON 1.0) on the loopback interface: for scripts while the
 * chat runs, and for any tool that takes an `--endpoint-url`. Signatures are wanted, not checked.
 */
export async function serveEngine(engine: Engine, table: string): Promise<EngineServer> {
  const server = createServer((request, response) => {
    // It fails only when the one who asked has gone; nobody is left to tell.
    answer(request, response).catch(() => response.destroy());
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [status, body] = await outcomeOf(request);
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify(body));
  }

  async function outcomeOf(request: IncomingMessage): Promise<[number, object]> {
    try {
      refuseStrangers(request);
      const target = String(request.headers['x-amz-target']);
      const input = await inputOf(request);
      const output = ofTable(target.slice(API.length), table) ?? apply(engine, target, input);
      await engine.committed();
      return [200, output];
    } catch (error) {
      if (!(error instanceof DynamoDBServiceException)) {
        return [
          500,
          {
            __type: 'com.amazonaws.dynamodb.v20120810#InternalServerError',
            message: String(error),
          },
        ];
      }
      await engine.committed();
      return [
        400,
        { __type: `com.amazonaws.dynamodb.v20120810#${error.name}`, message: error.message },
      ];
    }
  }

  const endpoint = await listen(server, 0, HOST);
  return {
    endpoint,
    async close() {
      const stopped = stopListening(server);
      server.closeAllConnections();
      await stopped;
    },
  };
}

/** No page of the web can send such a request to this machine, under whatever name it calls it. */
function refuseStrangers({ method, headers }: IncomingMessage): void {
  const [name] = (headers.host ?? '').split(':');
  const local = name === HOST || name === 'localhost';
  const known = method === 'POST' && String(headers['x-amz-target']).startsWith(API);
  if (!local || !known) throw fault('UnknownOperationException', 'This is DynamoDB, by POST only.');
  if (!headers.authorization?.startsWith('AWS4-HMAC-SHA256 ')) {
    throw fault('MissingAuthenticationTokenException', 'Any credentials will do.');
  }
}

async function inputOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const body = await readBody(request, REQUEST_BYTES);
  if (body === 'too large') {
    throw fault('RequestEntityTooLarge', 'A request has 16 MB at most.');
  }
  try {
    const input: unknown = JSON.parse(String(body));
    if (typeof input === 'object' && input !== null) return input as Record<string, unknown>;
  } catch {
    // Told below.
  }
  throw fault('SerializationException', 'The body is no JSON object.');
}

/** What tools ask of the table itself. */
function ofTable(operation: string, table: string): object | undefined {
  if (operation === 'ListTables') return { TableNames: [table] };
  if (operation === 'DescribeTable') return { Table: { TableName: table, TableStatus: 'ACTIVE' } };
  if (operation !== 'CreateTable') return undefined;
  throw fault('ResourceInUseException', `There is one table, ${table}, and it is there.`);
}

const isOperation = (name: string): name is Operation =>
  (OPERATIONS as readonly string[]).includes(name);

function apply(engine: Engine, target: string, body: Record<string, unknown>): object {
  const operation = target.slice(API.length);
  if (!isOperation(operation)) {
    throw invalid(`${operation}: the embedded engine takes what Parlor uses`);
  }
  return toBody(engine.apply(operation, readItems(body) as never));
}

/** @throws ValidationException for what is no attribute */
function readItems(body: Readonly<Record<string, unknown>>): object {
  try {
    return fromBody(body);
  } catch (error) {
    throw invalid(error instanceof Error ? error.message : String(error));
  }
}
