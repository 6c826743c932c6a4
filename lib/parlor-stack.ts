import { Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { ENV } from '../lambdas/aws/environment.ts';
import { ApiGatewayLogRole } from './api-gateway-log-role.ts';
import { Audit } from './audit.ts';
import { TableBackup } from './backup/table-backup.ts';
import { Canary } from './canary.ts';
import { type Config, stackName } from './config.ts';
import { docsDirectory } from './docs/docs-directory.ts';
import { Edge } from './edge.ts';
import { EncryptionKey } from './encryption-key.ts';
import { FanOut } from './fan-out.ts';
import { globalAlarmsStack, globallyWatched } from './global-alarms-stack.ts';
import { GradualRelease } from './gradual-release.ts';
import { letCheckTokens } from './issuers.ts';
import { LogGroups } from './log-groups.ts';
import { Observability } from './observability/observability.ts';
import { addressOf, outputAddresses } from './outputs.ts';
import { ParlorFunction } from './parlor-function.ts';
import { RestApi } from './rest-api.ts';
import { SocketApi } from './socket-api.ts';
import { ChatTable } from './table.ts';
import { accessOf, type TableUser } from './table-access.ts';
import { TokenExpiry } from './token-expiry.ts';
import { TokenSecret } from './token-secret.ts';
import { callThere, deletionThere } from './us-east-1.ts';

export interface ParlorStackProps {
  config: Config;
  /** The functions' bundles, one folder per entry. */
  codeDirectory: string;
  /** The built page; read only with the edge. */
  pageDirectory: string;
}

export class ParlorStack extends Stack {
  constructor(
    scope: Construct,
    id: string,
    { config, codeDirectory, pageDirectory }: ParlorStackProps,
  ) {
    const logGroups = new LogGroups(config.logRetentionDays);
    super(scope, id, {
      stackName: stackName(config),
      description: 'Parlor: real-time multi-room chat',
      propertyInjectors: [logGroups],
    });
    const encryptionKey =
      config.encryptionKey === 'customer'
        ? new EncryptionKey(this, 'EncryptionKey', config.retainData)
        : undefined;
    // Before the first is made.
    if (encryptionKey) logGroups.encryptBy(encryptionKey);
    const { release } = config;
    const bundle = { codeDirectory, aliased: release !== 'direct' };
    const deploy = (name: string, entry: string, description: string, memorySize?: number) =>
      new ParlorFunction(this, name, { ...bundle, entry, description, memorySize });

    const connect = deploy('Connect', 'connect', 'Admits a socket and records it');
    const sendMessage = deploy('SendMessage', 'send-message', 'Stores and delivers a message');
    const roomAction = deploy('RoomAction', 'room-action', 'Joins, leaves, answers pings');
    const disconnect = deploy('Disconnect', 'disconnect', 'Forgets a socket');
    // Hashing a password takes 128 MB and most of a CPU's core.
    const login = new ParlorFunction(this, 'Login', {
      ...{ ...bundle, entry: 'login', description: 'Registers people and logs them in' },
      memorySize: 1024,
      reservedConcurrency: config.loginConcurrency,
    });
    const http = deploy('Http', 'http', 'Answers the REST API', 1024);
    // Where the API's own address is for clients too, the docs are there as well: it can't reach a bucket.
    const hasDocs = config.docs && (!config.edge || config.directAccess);
    const docs = hasDocs ? deploy('Docs', 'docs', 'Serves the docs') : undefined;
    const fanOut = new FanOut(this, 'FanOut', bundle);
    const audit = new Audit(this, 'Audit', bundle);
    const tokenExpiry = new TokenExpiry(this, 'TokenExpiry', bundle);
    const pumps = [sendMessage, http, fanOut, audit];

    const { allowedOrigins, throttles } = config;
    const socket = new SocketApi(this, 'Socket', {
      ...{ connect, sendMessage, roomAction, disconnect },
      throttle: throttles.socket,
    });
    const rest = new RestApi(this, 'Rest', {
      ...{ http, login, docs, allowedOrigins },
      throttle: throttles.rest,
    });
    if (config.apiGatewayLogRole) {
      socket.stage.node.addDependency(new ApiGatewayLogRole(this, 'ApiGatewayLogRole'));
    }

    const table = new ChatTable(this, 'Table', {
      retained: config.retainData,
      encryptionKey,
      taken: config.table,
    });
    const canary = config.canary
      ? new Canary(this, 'Canary', { ...bundle, table, issuers: config.issuers, encryptionKey })
      : undefined;
    const issuers = canary?.issuers ?? config.issuers;
    const tableUsers: Record<TableUser, ParlorFunction> = {
      ...{ connect, sendMessage, roomAction, disconnect, http, login },
      ...{ fanOut, audit, tokenExpiry },
    };
    for (const [name, user] of Object.entries(tableUsers)) {
      table.grantUse(user, accessOf(name as TableUser, issuers.outside.length > 0));
    }
    table.letListVisits(http);
    audit.follow(table);

    const secret = new TokenSecret(this, 'TokenSecret', {
      retained: config.retainData,
      encryptionKey,
      copiedTo: config.backup?.region,
    });
    for (const reader of [connect, roomAction, http, login]) {
      secret.letRead(reader);
      letCheckTokens(reader, issuers);
      reader.addEnvironment(ENV.accessTokenMinutes, String(config.accessTokenMinutes));
      reader.addEnvironment(ENV.refreshTokenDays, String(config.refreshTokenDays));
    }

    socket.grantReach(connect, 'GET');
    socket.grantReach(tokenExpiry, 'POST', 'DELETE');
    // Disabling an account ends its connections, and so does a flood.
    for (const closer of [http, sendMessage, roomAction]) socket.grantReach(closer, 'DELETE');
    for (const pump of pumps) {
      socket.grantReach(pump, 'GET', 'POST');
      pump.addEnvironment(ENV.roomPostsPerSecond, String(config.roomPostsPerSecond));
      pump.addEnvironment(ENV.postClient, config.postClient);
      // A pump also appends, if only the drafts of others.
      if (config.historyRetentionDays !== undefined) {
        pump.addEnvironment(ENV.historyRetentionDays, String(config.historyRetentionDays));
      }
    }
    for (const each of [sendMessage, roomAction]) {
      each.addEnvironment(ENV.frameBurst, String(config.frameBurst));
      each.addEnvironment(ENV.framesPerSecond, String(config.framesPerSecond));
    }
    for (const user of [sendMessage, http, audit]) fanOut.letHandOver(user);

    http.addEnvironment(ENV.rotateRefreshTokens, String(config.rotateRefreshTokens));
    http.addEnvironment(ENV.docs, String(config.docs));
    login.addEnvironment(ENV.registration, config.registration);
    connect.addEnvironment(ENV.strictExpiry, String(config.strictExpiry));
    const callers = [connect, roomAction, disconnect, login, tokenExpiry, ...pumps];
    for (const each of callers) each.addEnvironment(ENV.logLevel, config.logLevel);
    if (config.dynamoClient === 'sdk') {
      for (const each of canary ? [...callers, canary] : callers) {
        each.addEnvironment(ENV.dynamoClient, config.dynamoClient);
      }
    }

    const edge = config.edge
      ? new Edge(this, 'Edge', {
          config,
          rest,
          socket,
          guards: [connect, http, login],
          encryptionKey,
          pageDirectory,
          docsDirectory: config.docs ? docsDirectory(codeDirectory) : undefined,
        })
      : undefined;
    if (allowedOrigins.length > 0) {
      const all = [...allowedOrigins, ...(edge?.origins ?? [])];
      connect.addEnvironment(ENV.allowedOrigins, all.join(','));
    }
    canary?.addEnvironment(ENV.logLevel, config.logLevel);
    canary?.talkAt(addressOf({ edge, rest, socket, allowedOrigins }));
    const functions = [...callers, ...(docs ? [docs] : []), ...(canary ? [canary] : [])];
    const { topics, urgent } = new Observability(this, 'Observability', {
      ...{ functions, fanOut, audit, tokenExpiry, canary, rest, socket, table },
      awaited: [connect, sendMessage, roomAction, http, login],
      alarmEmail: config.alarmEmail,
      monthlyBudget: config.monthlyBudget,
      level: config.observability,
      tracing: config.tracing,
      encryptionKey,
    });
    if (release !== 'direct') {
      new GradualRelease(this, 'Release', { release, functions, alarms: urgent });
    }
    if (config.backup) {
      new TableBackup(this, 'Backup', { backup: config.backup, table, topic: topics.later });
    }
    if (globallyWatched(config)) {
      const watching = globalAlarmsStack(this.stackName);
      callThere(new Construct(this, 'GlobalAlarms'), 'End', deletionThere(this, watching));
    }
    outputAddresses(this, { config, table, rest, socket, edge });
  }
}
