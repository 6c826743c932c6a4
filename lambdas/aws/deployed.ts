import { hmacTokens, type Tokens } from '../auth/tokens.ts';
import type { ConnectionGateway } from '../chat/ports/connection-gateway.ts';
import type { Relay } from '../chat/ports/relay.ts';
import { readConfig } from './config.ts';
import { apiGatewayConnections } from './connection-gateway.ts';
import { openTable } from './dynamo.ts';
import { jsonLines } from './journal.ts';
import { lambdaRelay } from './lambda-relay.ts';
import {
  identityServices,
  loginServices,
  roomServices,
  systemClock,
  systemRandom,
} from './services.ts';
import { readSecret } from './token-secret.ts';

/**
 * The services of a deployed function, from its environment. Everything is made once, when the
 * function starts; nothing of one user's is kept.
 */

const config = readConfig();
const table = openTable(config.table, { region: config.region });

export const deployedRooms = () => {
  const { connectionsEndpoint: endpoint, fanOutFunction, region, credentials } = config;
  const clock = systemClock;
  const gateway = endpoint
    ? apiGatewayConnections({ endpoint, region, credentials, clock })
    : absent<ConnectionGateway>('@connections endpoint');
  const relay = fanOutFunction
    ? lambdaRelay({ functionName: fanOutFunction, region, credentials, clock })
    : absent<Relay>('fanout function');
  return roomServices(table, gateway, relay, config.settings, jsonLines(config.logLevel));
};

export const deployedIdentity = () => {
  const { tokenSecretArn: arn, region, credentials, settings } = config;
  const tokens = arn
    ? tokensOf(() => readSecret({ arn, region, credentials }))
    : absent<Tokens>('token secret');
  return identityServices(table, tokens, settings);
};

export const deployedLogin = () => loginServices(table);

/** Tokens whose secret is fetched with the first use, and again after a failure. */
function tokensOf(fetchSecret: () => Promise<Uint8Array>): Tokens {
  let loaded: Promise<Tokens> | undefined;
  const load = () => {
    loaded ??= fetchSecret()
      .then((secret) => hmacTokens(secret, { clock: systemClock, random: systemRandom }))
      .catch((error) => {
        loaded = undefined;
        throw error;
      });
    return loaded;
  };
  return {
    access: async (userId) => (await load()).access(userId),
    refresh: async (userId, sessionId, jti) => (await load()).refresh(userId, sessionId, jti),
    verify: async (token, type) => (await load()).verify(token, type),
  };
}

/** Stands where a function has no business: using it is a mistake in the stack, and says so. */
function absent<Port extends object>(what: string): Port {
  return new Proxy({} as Port, {
    get: (_, property) => () => {
      throw new Error(
        `This function was deployed without a ${what} (wanted: ${String(property)}).`,
      );
    },
  });
}
