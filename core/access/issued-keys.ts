/** API keys as an operator makes, replaces and ends them. */
import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { currentTime } from '../clock.ts';
import { tableName } from '../config.ts';
import { keyOf } from '../store/row-keys.ts';
import { indexedUnder, rowAt, transact, updateIf } from '../store/table.ts';
import { type ApiKey, apiKeyRow, drawApiKey, keysOf, rowOfKey, works } from './api-key.ts';
import { DEFAULT_SCOPES } from './scopes.ts';
import { ifOpen, listTenants } from './tenant.ts';

export const newKey = apiKeyRow
  .pick({ tenant: true, kind: true, name: true, scopes: true, limits: true, publishable: true, validUntil: true })
  .superRefine(({ kind, scopes, limits, publishable, validUntil }, { addIssue }) => {
    if (!works({ validUntil })) addIssue('the end of a key is in the future');
    if (scopes.length === 0) addIssue('a key has a scope or more');
    if (kind === 'secret') {
      if (publishable) addIssue('only a publishable key is bound to origins and contracts');
      return;
    }
    if (!publishable?.origins.length || !publishable.contracts.length)
      addIssue('a publishable key needs the origins of its pages, and the contracts that it is for');
    if (!scopes.every((scope) => DEFAULT_SCOPES.includes(scope)))
      addIssue('a publishable key proves and verifies, and nothing else');
    if (limits.perMinute === 0) addIssue('a publishable key needs a limit on the jobs of a minute');
  });
export type NewKey = z.infer<typeof newKey>;

/** The key itself is nowhere else: whoever asked for it is told, and that is all. */
export interface IssuedKey {
  key: string;
  apiKey: ApiKey;
}

/** A key in another one's place. */
export interface RotatedKey extends IssuedKey {
  /** Until then the other one works. */
  oldValidUntil: string;
}

/** @returns undefined if there is no such tenant, or if it is being erased. */
export async function issueKey(wish: NewKey): Promise<IssuedKey | undefined> {
  const issued = drawKey(wish);
  const { done } = await transact([putNew(issued), ifOpen(wish.tenant)]);
  return done ? issued : undefined;
}

/**
 * A new key that may do the same. The old one works for a while yet, and no longer than it would have.
 *
 * @returns undefined if the old one has been revoked meanwhile, or its tenant is being erased.
 */
export async function rotateKey(old: ApiKey, overlapSeconds: number): Promise<RotatedKey | undefined> {
  const issued = drawKey(old);
  const overlapEndsAt = new Date(currentTime().getTime() + overlapSeconds * 1000).toISOString();
  const oldValidUntil = old.validUntil && old.validUntil < overlapEndsAt ? old.validUntil : overlapEndsAt;
  const { done } = await transact([
    putNew(issued),
    ifOpen(old.tenant),
    {
      Update: {
        TableName: tableName(),
        Key: keyOf.apiKey(old.sha256),
        UpdateExpression: 'SET validUntil = :until',
        ConditionExpression: 'attribute_exists(PK) AND attribute_not_exists(revokedAt)',
        ExpressionAttributeValues: { ':until': oldValidUntil },
      },
    },
  ]);
  return done ? { ...issued, oldValidUntil } : undefined;
}

/** It is not let in again. A key that has been revoked stays so. @returns whether there is such a key. */
export const revokeKey = ({ sha256 }: ApiKey): Promise<boolean> =>
  updateIf({
    TableName: tableName(),
    Key: keyOf.apiKey(sha256),
    UpdateExpression: 'SET revokedAt = if_not_exists(revokedAt, :now)',
    ConditionExpression: 'attribute_exists(PK)',
    ExpressionAttributeValues: { ':now': currentTime().toISOString() },
  });

/** Looks through the tenants' keys. @returns undefined if none has that id. */
export async function findApiKey(id: string): Promise<ApiKey | undefined> {
  for (const tenant of await listTenants()) {
    for await (const listed of indexedUnder(keysOf(tenant))) {
      const row = listed.id === id && (await rowAt({ PK: listed.PK, SK: listed.SK }));
      if (row) return apiKeyRow.parse(row);
    }
  }
  return undefined;
}

/** A key that nobody knows of yet: it works once its row is there. */
export function drawKey({ tenant, kind, name, scopes, limits, publishable, validUntil }: NewKey): IssuedKey {
  const { key, sha256 } = drawApiKey(kind);
  const createdAt = currentTime().toISOString();
  const like = { tenant, kind, name, scopes, limits, publishable, validUntil };
  return { key, apiKey: { id: randomUUID(), sha256, createdAt, ...like } };
}

const putNew = ({ apiKey }: IssuedKey) => ({ Put: { TableName: tableName(), Item: rowOfKey(apiKey) } });
