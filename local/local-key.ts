/** The API key of a stack that asks nobody for one: the gateway adds it to every request. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { rowOfKey } from '../core/access/api-key.ts';
import { drawKey } from '../core/access/issued-keys.ts';
import { DEFAULT_KEY_LIMITS } from '../core/access/key-limits.ts';
import { SCOPES } from '../core/access/scopes.ts';
import { LOCAL_TENANT, rowOfTenant } from '../core/access/tenant.ts';

/** Makes the local tenant and its key. The key is this run's own; those of runs before are known to nobody. */
export async function makeLocalKey(dynamodb: DynamoDBClient, tableName: string): Promise<string> {
  const rows = DynamoDBDocumentClient.from(dynamodb, { marshallOptions: { removeUndefinedValues: true } });
  const { key, apiKey } = drawKey({
    tenant: LOCAL_TENANT,
    kind: 'secret',
    name: 'the local gateway',
    scopes: [...SCOPES],
    limits: DEFAULT_KEY_LIMITS.secret,
  });
  for (const Item of [rowOfTenant({ id: LOCAL_TENANT, createdAt: apiKey.createdAt, limits: {} }), rowOfKey(apiKey)]) {
    await rows.send(new PutCommand({ TableName: tableName, Item }));
  }
  return key;
}
