/**
 * The two designs of AWS's own samples, as models: what DynamoDB charges for one message. Sizes of
 * their rows are guesses to their favour.
 */
export interface DesignCost {
  calls: number;
  writeUnits: number;
  readUnits: number;
}

const CONNECTION_BYTES = 60;
const MESSAGE_BYTES = 300;

/** Half a unit for each 4 KB that are read without strong consistency. */
const readUnits = (bytes: number) => Math.max(0.5, Math.ceil(bytes / 4_096) / 2);
const writeUnits = (bytes: number) => Math.ceil(bytes / 1_024);

/** simple-websockets-chat-app and websocket-chat-application: Scan of all connections of the app. */
export function scanOfAll(connectionsOfApp: number): DesignCost {
  // One page only: of more than 1 MB the rest is never reached.
  const scanned = Math.min(1_048_576, connectionsOfApp * CONNECTION_BYTES);
  return { calls: 2, writeUnits: writeUnits(MESSAGE_BYTES), readUnits: readUnits(scanned) };
}

/** serverless-websocket-chat: all connections of a room in one item, which joining rewrites. */
export function roomInOneItem(members: number): DesignCost & { writeUnitsToJoin: number } {
  const bytes = members * CONNECTION_BYTES;
  return {
    calls: 2,
    writeUnits: writeUnits(MESSAGE_BYTES),
    readUnits: readUnits(bytes),
    writeUnitsToJoin: writeUnits(bytes),
  };
}

/** An item holds 400 KB at most: a room of more has no place. */
export const MOST_IN_ONE_ITEM = Math.floor(409_600 / CONNECTION_BYTES);
