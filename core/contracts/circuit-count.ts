/** How many circuits a tenant has registered: each counts once, in however many contracts it is. */
import { z } from 'zod';
import { tableName } from '../config.ts';
import { NightshiftError } from '../errors.ts';
import { keyOf } from '../store/row-keys.ts';
import { rowAt, transact } from '../store/table.ts';

const countRow = z.object({ circuits: z.int() });

/**
 * Counts a circuit, unless the tenant has registered it before.
 *
 * @param limit 0: any number.
 * @throws NightshiftError RATE_LIMITED
 */
export async function countCircuit(tenant: string, keysId: string, limit: number): Promise<void> {
  const outcome = await transact([
    {
      Put: {
        TableName: tableName(),
        Item: keyOf.tenantCircuit(tenant, keysId),
        ConditionExpression: 'attribute_not_exists(PK)',
      },
    },
    {
      Update: {
        TableName: tableName(),
        Key: keyOf.circuitCount(tenant),
        UpdateExpression: 'ADD circuits :one',
        ...(limit > 0 && { ConditionExpression: 'attribute_not_exists(circuits) OR circuits < :limit' }),
        ExpressionAttributeValues: { ':one': 1, ...(limit > 0 && { ':limit': limit }) },
      },
    },
  ]);
  if (outcome.done || outcome.failed.includes(0)) return;
  const message = `The limit circuits is reached: ${limit} are registered. Ask the operator for a higher one.`;
  throw new NightshiftError('RATE_LIMITED', message);
}

export async function readCircuitCount(tenant: string): Promise<number> {
  const row = await rowAt(keyOf.circuitCount(tenant));
  return row ? countRow.parse(row).circuits : 0;
}
