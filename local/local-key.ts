/** The API key of a stack that asks nobody for one: the gateway adds it to every request. */
import { randomUUID } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { drawApiKey, rowOfKey } from '../core/access/api-key.ts';
import { SCOPES } from '../core/access/scopes.ts';
import { LOCAL_TENANT, rowOfTenant } from '../core/access/tenant.ts';

const NAME = 'the local gateway';
const UNLIMITED = { perMinute: 0, perDay: 0 };

/** Makes the local tenant and its key. The key is this run's own; those of runs before are known to nobody. */
export async function makeLocalKey(dynamodb: DynamoDBClient, tableName: string): Promise<string> {
  const rows = DynamoDBDocumentClient.from(dynamodb);
  const createdAt = new Date().toISOString();
  const { key, sha256 } = drawApiKey('secret');
  const apiKey = { id: randomUUID(), sha256, tenant: LOCAL_TENANT, kind: 'secret', name: NAME, createdAt } as const;
  for (const Item of [
    rowOfTenant({ id: LOCAL_TENANT, createdAt, limits: {} }),
    rowOfKey({ ...apiKey, scopes: [...SCOPES], limits: UNLIMITED }),
  ]) {
    await rows.send(new PutCommand({ TableName: tableName, Item }));
  }
  return key;
}
