import { type EdgeKey, edgeKey, type ReadEdgeKey, SHOWN_LABEL } from '../auth/edge-key.ts';
import { tokenKeys } from '../auth/token-keys.ts';
import { hmacTokens, type Tokens } from '../auth/tokens.ts';
import type { ConnectionGateway } from '../chat/ports/connection-gateway.ts';
import type { Relay } from '../chat/ports/relay.ts';
import { readConfig } from './config.ts';
import { apiGatewayConnections } from './connection-gateway.ts';
import { deployedTable } from './dynamodb/deployed-table.ts';
import { lambdaRelay } from './lambda-relay.ts';
import { deployedObserved } from './observed.ts';
import {
  identityServices,
  loginServices,
  moderationServices,
  roomServices,
  systemClock,
  systemRandom,
} from './services.ts';
import { readLabelledSecret, readSecret, secretVersions } from './token-secret.ts';

/**
 * The services of a deployed function, from its environment. Everything is made once, when the
 * function starts; nothing of one user's is kept.
 */

const config = readConfig();
const { table, sdkClient } = deployedTable(config);
const observed = { ...config, sdkClient };

export const deployedRooms = () => {
  const { connectionsEndpoint, fanOutFunction, endpoint } = config;
  const { region, credentials, postClient: client } = config;
  const clock = systemClock;
  const gateway = connectionsEndpoint
    ? apiGatewayConnections({ endpoint: connectionsEndpoint, region, credentials, clock, client })
    : absent<ConnectionGateway>('@connections endpoint');
  const relay = fanOutFunction
    ? lambdaRelay({ functionName: fanOutFunction, endpoint, region, credentials, clock, client })
    : absent<Relay>('fanout function');
  return roomServices(table, gateway, relay, config.settings, deployedObserved(observed));
};

export const deployedIdentity = () => {
  const { tokenSecretArn: arn, endpoint, region, credentials, settings } = config;
  const tokens = arn
    ? hmacTokens(tokenKeys(secretVersions({ arn, endpoint, region, credentials }), systemClock), {
        clock: systemClock,
        random: systemRandom,
        tokenLifetimes: settings.tokenLifetimes,
      })
    : absent<Tokens>('token secret');
  return identityServices(table, tokens, settings, async (from) => {
    if (!('arn' in from)) throw new Error('A deployed function reads no secret from a file.');
    return await readSecret({ arn: from.arn, endpoint, region: regionOf(from.arn), credentials });
  });
};

export const deployedLogin = () => ({
  ...loginServices(table),
  ...deployedObserved(observed),
  clock: systemClock,
  random: systemRandom,
});

export const deployedModeration = () => moderationServices(table);

/** Tells whether a request came through the edge, where that is demanded. */
export const deployedEdge = (): { edgeKey: EdgeKey | undefined } => {
  const { edgeKeyArn: arn, endpoint, region, credentials } = config;
  if (!arn) return { edgeKey: undefined };
  const secret = { arn, endpoint, region, credentials };
  const labels = { current: 'AWSCURRENT', previous: 'AWSPREVIOUS', shown: SHOWN_LABEL };
  const read: ReadEdgeKey = (version) => readLabelledSecret(secret, labels[version]);
  return { edgeKey: edgeKey(read, systemClock) };
};

/** arn:aws:secretsmanager:<region>:… */
const regionOf = (arn: string) => arn.split(':')[3] ?? config.region;

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
