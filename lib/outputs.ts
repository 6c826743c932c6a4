import { CfnOutput, type Stack } from 'aws-cdk-lib';
import type { Config } from './config.ts';
import type { Edge } from './edge.ts';
import type { RestApi } from './rest-api.ts';
import type { SocketApi } from './socket-api.ts';
import type { ChatTable } from './table.ts';

export interface Parts {
  config: Pick<Config, 'domain' | 'directAccess'>;
  table: ChatTable;
  rest: RestApi;
  socket: SocketApi;
  edge: Edge | undefined;
}

/** Where people find the chat, and a page that may open sockets there. */
export function addressOf({
  edge,
  rest,
  socket,
  allowedOrigins,
}: Pick<Parts, 'edge' | 'rest' | 'socket'> & Pick<Config, 'allowedOrigins'>) {
  if (edge) return { url: `https://${edge.host}`, origin: `https://${edge.host}` };
  return { url: rest.url, socketUrl: socket.stage.url, origin: allowedOrigins[0] };
}

/** What a deployment prints: the addresses that may be used, and what an operator has to know. */
export function outputAddresses(stack: Stack, { config, table, rest, socket, edge }: Parts): void {
  const tell = (name: string, value: string) => new CfnOutput(stack, name, { value });
  tell('TableName', table.tableName);
  tell('ChatUrl', edge ? `https://${edge.host}` : rest.url);
  tell('SocketUrl', edge ? `wss://${edge.host}/ws/chat/` : socket.stage.url);
  if (!edge || config.directAccess) tell('RestUrl', rest.url);
  if (edge && config.directAccess) tell('DirectSocketUrl', socket.stage.url);
  if (edge?.key) tell('EdgeKeyArn', edge.key.secretArn);
  // Whoever keeps the name elsewhere than in Route 53 lets it lead there.
  if (edge && config.domain && !config.domain.hostedZoneId)
    tell('DomainTarget', edge.cloudFrontHost);
}
