/** API keys. What is stored of one is its SHA-256: 256 random bits need no slower hash, and nobody can read them back. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { currentTime } from '../clock.ts';
import { tableName } from '../config.ts';
import { BUILT_IN_CONTRACT, contractId } from '../contracts/names.ts';
import { keyOf } from '../store/row-keys.ts';
import { INDEX, indexedUnder, rowAt, rowsOf, updateIf } from '../store/table.ts';
import { keyLimits } from './key-limits.ts';
import { SCOPES } from './scopes.ts';
import { tenantId } from './tenant.ts';

/** Keys begin so that leaked ones can be scanned for. Publishable ones may stand in a page. */
export const PREFIX = { secret: 'nsk_live_', publishable: 'nsp_live_' } as const;
export type KeyKind = keyof typeof PREFIX;
const SECRET_BYTES = 32;

/** A key wherever it stands. */
export const API_KEY_PATTERN = /ns[kp]_live_[\w-]{43}/;
const WHOLE_KEY = new RegExp(`^${API_KEY_PATTERN.source}$`);

/** As browsers write it. */
const origin = z
  .string()
  .refine(
    (text) => /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text,
    'an origin is written as browsers do: https://app.example, without a path',
  );

/** What pages may do with a publishable key. */
const publishable = z.object({
  /** Whose pages may use it. */
  origins: z.array(origin),
  /** Contracts whose circuits it proves. */
  contracts: z.array(z.union([contractId, z.literal(BUILT_IN_CONTRACT)])),
});

export const apiKeyRow = z.object({
  id: z.uuid(),
  sha256: z.hex(),
  tenant: tenantId,
  kind: z.enum(['secret', 'publishable']),
  /** What its owner calls it. */
  name: z.string().optional(),
  scopes: z.array(z.enum(SCOPES)),
  limits: keyLimits,
  publishable: publishable.optional(),
  createdAt: z.iso.datetime(),
  /** It works until then. */
  validUntil: z.iso.datetime().optional(),
  revokedAt: z.iso.datetime().optional(),
  /** To some minutes. */
  lastUsedAt: z.iso.datetime().optional(),
});
export type ApiKey = z.infer<typeof apiKeyRow>;

/** A new key: shown once, and stored as its hash. */
export function drawApiKey(kind: KeyKind): { key: string; sha256: string } {
  const key = PREFIX[kind] + randomBytes(SECRET_BYTES).toString('base64url');
  return { key, sha256: sha256Of(key) };
}

/** @returns undefined if there is none; one that there is may not work. */
export async function readKey(key: string): Promise<ApiKey | undefined> {
  if (!WHOLE_KEY.test(key)) return undefined;
  const sha256 = sha256Of(key);
  const row = await rowAt(keyOf.apiKey(sha256));
  const found = row && apiKeyRow.parse(row);
  return found && timingSafeEqual(Buffer.from(found.sha256), Buffer.from(sha256)) ? found : undefined;
}

export const works = (
  { revokedAt, validUntil }: Pick<ApiKey, 'revokedAt' | 'validUntil'>,
  now = currentTime().toISOString(),
): boolean => revokedAt === undefined && (validUntil === undefined || now < validUntil);

/** The row of a key, which the tenant's keys are listed by. */
export const rowOfKey = (apiKey: ApiKey) => ({
  ...keyOf.apiKey(apiKey.sha256),
  [INDEX.partitionKey]: keysOf(apiKey.tenant),
  [INDEX.sortKey]: apiKey.createdAt,
  ...apiKey,
});

/** The tenant's keys, the oldest first; a new one is there within a second. */
export async function listApiKeys(tenant: string): Promise<ApiKey[]> {
  const keys = await Array.fromAsync(indexedUnder(keysOf(tenant)), ({ PK, SK }) => ({ PK, SK }));
  const found = (await rowsOf(keys)).map((row) => apiKeyRow.parse(row));
  return found.toSorted((a, b) => a.createdAt.localeCompare(b.createdAt));
}

/** Where the index lists them. Not with the tenant's jobs: a page of those begins with the newest, and that would be a key. */
export const keysOf = (tenant: string): string => `KEYS#${tenant}`;

const sha256Of = (key: string): string => createHash('sha256').update(key).digest('hex');

/** Noted no more often than this. */
const USE_NOTED_MS = 5 * 60_000;

/** That a key was used, so that its owner sees which ones are. One that has been removed meanwhile is left alone. */
export async function noteUse({ sha256, lastUsedAt }: ApiKey, now = currentTime()): Promise<void> {
  if (lastUsedAt && now.getTime() - Date.parse(lastUsedAt) < USE_NOTED_MS) return;
  await updateIf({
    TableName: tableName(),
    Key: keyOf.apiKey(sha256),
    UpdateExpression: 'SET lastUsedAt = :now',
    ConditionExpression: 'attribute_exists(PK)',
    ExpressionAttributeValues: { ':now': now.toISOString() },
  });
}
