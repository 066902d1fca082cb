/**
 * DynamoDB's rule for transactions that get in each other's way, which the emulated one lacks since it does one thing at a
 * time: a write to an item that a transaction is writing to is refused.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { jsonAnswer, operationOf } from './faulty-aws.ts';
import type { Answer, Behaviour } from './faulty-proxy.ts';

/** As long as a transaction of some items takes on AWS. */
const TRANSACTION_MS = 10;

const attributes = z.record(z.string(), z.unknown());
const write = z.object({ TableName: z.string(), Item: attributes.optional(), Key: attributes.optional() });
const transaction = z.object({ TransactItems: z.array(z.record(z.string(), write)) });

const SINGLE_WRITES = ['PutItem', 'UpdateItem', 'DeleteItem'];

export interface Conflicting {
  (...args: Parameters<Behaviour>): Promise<Answer>;
  /** How many transactions were refused, and how many writes outside of any. */
  readonly refused: { transactions: number; writes: number };
}

export function conflicting(): Conflicting {
  const inFlight = new Set<string>();
  const refused = { transactions: 0, writes: 0 };
  const behaviour = async (...[call, passOn]: Parameters<Behaviour>): Promise<Answer> => {
    const operation = operationOf(call);
    if (SINGLE_WRITES.includes(operation)) {
      if (!inFlight.has(itemOf(write.parse(JSON.parse(call.body.toString()))))) return passOn();
      refused.writes++;
      return jsonAnswer(400, 'TransactionConflictException');
    }
    if (operation !== 'TransactWriteItems') return passOn();
    const { TransactItems } = transaction.parse(JSON.parse(call.body.toString()));
    const items = TransactItems.flatMap(Object.values).map(itemOf);
    if (items.some((item) => inFlight.has(item))) {
      refused.transactions++;
      const CancellationReasons = items.map((item) => ({ Code: inFlight.has(item) ? 'TransactionConflict' : 'None' }));
      return jsonAnswer(400, 'TransactionCanceledException', { CancellationReasons });
    }
    for (const item of items) inFlight.add(item);
    try {
      const [answer] = await Promise.all([passOn(), delay(TRANSACTION_MS)]);
      return answer;
    } finally {
      for (const item of items) inFlight.delete(item);
    }
  };
  return Object.assign(behaviour, { refused });
}

function itemOf({ TableName, Item, Key = Item }: z.infer<typeof write>): string {
  const { PK, SK } = Key ?? {};
  return JSON.stringify([TableName, PK, SK]);
}
