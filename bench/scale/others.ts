import { type Load, loadOf } from './load.ts';
import { MEASURED } from './measured.ts';
import { costOf } from './prices.ts';
import { DAYS, type Usage } from './usage.ts';

/** What somebody else's list prices ask for the same messages to the same members. */
export interface Offer {
  name: string;
  usd: number;
  /** What was counted, and what the price leaves out. */
  says: string;
}

const MILLION = 1e6;
/** The most connections at once of Ably's packages with a list price. */
const ABLY_STANDARD = 10_000;
const ABLY_PRO = 50_000;
/** Ably can group what is said within so long, and counts a group as one message. */
const ABLY_BATCHES_PER_SECOND = 2;
/** So large is an operation of AppSync, and a message of IoT Core. */
const OPERATION_BYTES = 5 * 1_024;

/** Ably: each message published, kept and delivered, and the minutes of connections and rooms. */
export function ablyOffer(load: Load, usage: Usage): Offer {
  const { users, roomSize, hoursPerDay } = loadOf(load);
  const rooms = users / roomSize;
  const batches = rooms * DAYS * hoursPerDay * 3_600 * ABLY_BATCHES_PER_SECOND;
  const messages = 2 * usage.messages + Math.min(usage.messages, batches) * roomSize;
  const channelMinutes = rooms * hoursPerDay * 60 * DAYS;
  const millions = (count: number) => Math.ceil(count / MILLION);
  return {
    name: 'Ably',
    usd:
      costOf(users > ABLY_STANDARD ? 'ablyPro' : 'ablyStandard', 1) +
      costOf('ablyMessages', messages / MILLION) +
      costOf('ablyMinutes', millions(usage.connectionMinutes)) +
      costOf('ablyMinutes', millions(channelMinutes)),
    says:
      users > ABLY_PRO
        ? 'more connections than its packages with a list price have; before volume discounts'
        : 'by use, which new accounts no longer get: they pay for each user, at a price we could not see',
  };
}

/** AppSync Events with what it lacks for history: a handler and a DynamoDB write a message. */
export function appSyncOffer(load: Load, usage: Usage): Offer {
  const { roomSize, contentBytes } = loadOf(load);
  const sizes = Math.ceil((MEASURED.frameBytes + contentBytes) / OPERATION_BYTES);
  const operations = usage.messages * (2 + roomSize) * sizes + 2 * usage.connects;
  return {
    name: 'AppSync Events',
    usd:
      costOf('appSyncOperations', operations / MILLION) +
      costOf('appSyncMinutes', usage.connectionMinutes / MILLION) +
      costOf('directTransfer', usage.outGb) +
      storedCopy(load, usage),
    says: 'delivery and a stored copy; without seqs, replay, exactly-once sends, accounts, alarms',
  };
}

/**
 * AWS IoT Core, MQTT over WebSockets at most once: each message published and delivered, and each
 * connect and subscription. A rule writes what is published to DynamoDB.
 */
export function iotCoreOffer(load: Load, usage: Usage): Offer {
  const { roomSize, contentBytes } = loadOf(load);
  const sizes = Math.ceil((MEASURED.frameBytes + contentBytes) / OPERATION_BYTES);
  const messages = usage.messages * (1 + roomSize) * sizes + 2 * usage.connects;
  // The rule itself, and its action.
  const rules = 2 * usage.messages * sizes;
  return {
    name: 'AWS IoT Core',
    usd:
      costOf('iotMessages', messages / MILLION) +
      costOf('iotMinutes', usage.connectionMinutes / MILLION) +
      costOf('iotRules', rules / MILLION) +
      costOf('directTransfer', usage.outGb) +
      storedCopy(load, usage),
    says: 'the same as AppSync Events, by topics; what authorizes people is to be added',
  };
}

/** A DynamoDB write for each message, and its storage. */
function storedCopy(load: Load, usage: Usage): number {
  const { contentBytes, monthsKept } = loadOf(load);
  const eventBytes = MEASURED.eventBytes + contentBytes;
  return (
    costOf('writeUnits', (usage.messages * Math.ceil(eventBytes / 1_024)) / MILLION) +
    costOf('storage', (usage.messages * eventBytes * monthsKept) / 1e9)
  );
}

/** All of them, in the order in which they are shown. */
export const offersOf = (load: Load, usage: Usage): Offer[] =>
  [ablyOffer, appSyncOffer, iotCoreOffer].map((offer) => offer(load, usage));
