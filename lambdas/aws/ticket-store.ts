import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Ticket, TicketStore } from '../chat/ports/ticket-store.ts';
import { type Table, toTtl, updateIf } from './dynamo.ts';
import { type Key, keys } from './keys.ts';

/** `usedBy` is the connection that it opened. */
type TicketItem = Key & Ticket & { usedBy?: string; expiresAt: number };

export function dynamoTicketStore(table: Table): TicketStore {
  return {
    async keep(hash, ticket) {
      const item: TicketItem = {
        ...keys.ticket(hash),
        ...ticket,
        expiresAt: toTtl(ticket.goodUntil),
      };
      await table.client.send(new PutCommand({ TableName: table.name, Item: item }));
    },

    async redeem(hash, connectionId, now) {
      const item = await updateIf<TicketItem>(table, {
        Key: keys.ticket(hash),
        UpdateExpression: 'SET usedBy = :connection',
        ConditionExpression:
          'goodUntil > :now AND (attribute_not_exists(usedBy) OR usedBy = :connection)',
        ExpressionAttributeValues: { ':connection': connectionId, ':now': now },
      });
      if (!item) return undefined;
      const { userId, sessionId, strictExpiry, authUntil, goodUntil } = item;
      return {
        userId,
        ...(sessionId !== undefined && { sessionId }),
        ...(strictExpiry && { strictExpiry }),
        authUntil,
        goodUntil,
      };
    },
  };
}
