import { dynamoEventLog } from '../../lambdas/aws/event-log.ts';
import { dynamoInbox } from '../../lambdas/aws/inbox.ts';
import { PARTITIONS } from '../../lambdas/aws/keys.ts';
import { dynamoLeaseStore } from '../../lambdas/aws/lease-store.ts';
import { dynamoOverlayStore } from '../../lambdas/aws/overlay-store.ts';
import type { Clock } from '../../lambdas/chat/ports/clock.ts';
import type { EventLog } from '../../lambdas/chat/ports/event-log.ts';
import type { Inbox } from '../../lambdas/chat/ports/inbox.ts';
import type { LeaseStore } from '../../lambdas/chat/ports/lease-store.ts';
import type { OverlayStore } from '../../lambdas/chat/ports/overlay-store.ts';
import { LOCAL_TABLE } from '../../local/database.ts';
import { engineClient } from '../../local/dynamo/client.ts';
import { Engine } from '../../local/dynamo/engine.ts';
import { memoryStorage } from '../../local/dynamo/memory-storage.ts';
import type { seededRandom } from './virtual-time.ts';

/** What one room cost. A write whose condition fails costs as much as one that is done. */
export interface Usage {
  reads: number;
  logWrites: number;
  logUnits: number;
  leaseWrites: number;
  inboxWrites: number;
}

export interface SimulatedTable {
  log: EventLog;
  inbox: Inbox;
  leases: LeaseStore;
  overlays: OverlayStore;
  usage: Usage;
}

/** A write that is refused takes as much as one of its item would: here one unit. */
const REFUSED_UNITS = 1;

const WRITES = new Set(['PutCommand', 'UpdateCommand', 'DeleteCommand']);

/** The embedded engine with the adapters that are deployed; each call takes 3 ms and a little more. */
export function simulatedTable(
  clock: Clock,
  random: ReturnType<typeof seededRandom>,
): SimulatedTable {
  const usage: Usage = { reads: 0, logWrites: 0, logUnits: 0, leaseWrites: 0, inboxWrites: 0 };
  const engine = new Engine({ table: LOCAL_TABLE, storage: memoryStorage() });
  const client = engineClient(engine);
  const send = client.send.bind(client) as (command: Command) => Promise<Answer>;

  function count(command: Command, units: number): void {
    const { pk = '' } = command.input.Key ?? command.input.Item ?? {};
    if (!WRITES.has(command.constructor.name)) usage.reads++;
    else if (pk.startsWith(PARTITIONS.inbox)) usage.inboxWrites++;
    else if (pk.startsWith(PARTITIONS.room)) usage.leaseWrites++;
    else {
      usage.logWrites++;
      usage.logUnits += units;
    }
  }

  /** The effect comes somewhere on the way. */
  async function delayed(command: Command): Promise<Answer> {
    const latency = 3 + random.exponential(1.5);
    const before = random.fraction() * latency;
    await clock.sleep(before);
    Object.assign(command.input, { ReturnConsumedCapacity: 'TOTAL' });
    try {
      const answer = await send(command);
      count(command, answer.ConsumedCapacity?.CapacityUnits ?? Number.NaN);
      return answer;
    } catch (refused) {
      count(command, REFUSED_UNITS);
      throw refused;
    } finally {
      await clock.sleep(latency - before);
    }
  }

  Object.assign(client, { send: delayed });
  const table = { name: LOCAL_TABLE, client };
  return {
    usage,
    log: dynamoEventLog(table, { clock }),
    inbox: dynamoInbox(table),
    leases: dynamoLeaseStore(table),
    overlays: dynamoOverlayStore(table),
  };
}

interface Command {
  input: { Key?: { pk?: string }; Item?: { pk?: string } };
}
type Answer = { ConsumedCapacity?: { CapacityUnits?: number } };
