import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { type ItemKind, PARTITIONS } from '../../lambdas/aws/keys.ts';
import { accessOf, statementsOf, type TableUser } from '../../lib/table-access.ts';
import { isAllowed, partitionsOf, type TableCall } from '../fakes/iam.ts';

export interface TableGuard {
  /** Speaks DynamoDB's protocol. */
  url: string;
  /** `http UpdateItem account`: what functions did, each once. */
  done: ReadonlySet<string>;
  /** The same of what they may not. */
  refused: ReadonlySet<string>;
  close(): Promise<void>;
}

/** What some function may do: the statements of its role. */
const policyOf = (outsiders: boolean) => (caller: string) =>
  statementsOf(accessOf(caller as TableUser, outsiders));

/**
 * Stands before the database as IAM stands before DynamoDB: it lets each function do what its role
 * allows, by the statements that are deployed. Whoever else calls may do everything.
 *
 * @param outsiders whether the chat takes tokens of other issuers
 */
export async function openTableGuard(database: string, outsiders: boolean): Promise<TableGuard> {
  const agent = new Agent({ keepAlive: true });
  const { hostname, port } = new URL(database);
  const policy = policyOf(outsiders);
  const done = new Set<string>();
  const refused = new Set<string>();

  async function serve(from: IncomingMessage, to: ServerResponse): Promise<void> {
    const body = await buffer(from);
    // Whoever only asks whether there is a database signs nothing.
    const caller = /Credential=([^/]+)\//.exec(from.headers.authorization ?? '')?.[1] ?? 'local';
    if (caller !== 'local') {
      const call = callOf(from, body);
      const what = `${caller} ${call.action} ${kindOf(call)}`;
      // Deployed, the index is a resource of its own.
      const allowed = call.input.IndexName
        ? caller === 'http' && call.action === 'Query'
        : isAllowed(policy(caller), call);
      (allowed ? done : refused).add(what);
      if (!allowed) return refuse(to, what);
    }
    const { method, url: path, headers } = from;
    const on = request({ agent, hostname, port, method, path, headers }, (answer) => {
      to.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(to);
    });
    on.once('error', () => to.destroy());
    on.end(body);
  }

  const server = createServer((from, to) => {
    // Whoever hung up has no answer coming.
    serve(from, to).catch(() => to.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    done,
    refused,
    async close() {
      server.closeAllConnections();
      server.close();
      agent.destroy();
      await once(server, 'close');
    },
  };
}

function callOf({ headers }: IncomingMessage, body: Buffer): TableCall {
  const [, action = ''] = String(headers['x-amz-target']).split('.');
  return { action, input: JSON.parse(body.toString()) };
}

/** Changes of other issuers' users are told from those of the built-in accounts. */
function kindOf(call: TableCall): ItemKind | 'outsider' | 'visits' | 'nothing' {
  if (call.input.IndexName) return 'visits';
  // A batch of ours asks for one kind of items.
  const [pk = ''] = partitionsOf(call.input);
  if (call.action === 'UpdateItem' && /^USER#.*:/.test(pk)) return 'outsider';
  const kinds = Object.entries(PARTITIONS) as [ItemKind, string][];
  return kinds.find(([, start]) => pk.startsWith(start))?.[0] ?? 'nothing';
}

function refuse(to: ServerResponse, what: string): void {
  to.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' });
  const type = 'com.amazon.coral.service#AccessDeniedException';
  to.end(JSON.stringify({ __type: type, message: `Not allowed: ${what}` }));
}
