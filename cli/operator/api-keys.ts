/** `nightshift api-keys`: makes, lists, replaces and ends what lets a tenant in. */
import { type ApiKey, type KeyKind, listApiKeys, PREFIX, works } from '../../core/access/api-key.ts';
import { findApiKey, type IssuedKey, issueKey, newKey, revokeKey, rotateKey } from '../../core/access/issued-keys.ts';
import { DEFAULT_KEY_LIMITS } from '../../core/access/key-limits.ts';
import { DEFAULT_SCOPES, type Scope } from '../../core/access/scopes.ts';
import { currentTime } from '../../core/clock.ts';
import { CliError, EXIT, wrongUse } from '../error.ts';
import type { StackOptions } from '../options.ts';
import type { Outcome } from '../perform.ts';
import { tableOf, warn } from '../print.ts';
import { onAws } from './aws.ts';
import { findStack } from './stack.ts';
import { expectTenant } from './tenants.ts';

/** What of a key is said when it is made. */
export interface KeyOptions {
  name?: string;
  scope?: Scope[];
  days?: number;
  validUntil?: string;
  publishable?: boolean;
  origin?: string[];
  contract?: string[];
  perMinute?: number;
  perDay?: number;
}

const DAY_MS = 24 * 3600 * 1000;

export async function createKey(tenant: string, options: StackOptions & KeyOptions): Promise<Outcome> {
  const { data: wish, error } = newKey.safeParse(wished(tenant, options));
  if (error) throw wrongUse(`${error.issues.map(({ message }) => message).join('; ')}.`);
  await findStack(options.stage);
  const issued = await onAws(() => issueKey(wish));
  if (!issued) throw await reasonForNoKey(tenant);
  warn(`This key is not shown again. Its id is ${issued.apiKey.id}.`);
  return shown(issued);
}

export async function listKeys(tenant: string, { stage }: StackOptions): Promise<Outcome> {
  await findStack(stage);
  await expectTenant(tenant);
  const keys = (await onAws(() => listApiKeys(tenant))).map(listed);
  if (keys.length === 0) return { value: [], text: `There are none: nightshift api-keys create ${tenant} makes one.` };
  return { value: keys, text: tableOf([COLUMNS, ...keys.map(rowOf)]) };
}

export async function replaceKey(id: string, options: StackOptions & { overlap: number }): Promise<Outcome> {
  await findStack(options.stage);
  const old = await expectKey(id);
  if (!works(old)) throw wrongUse(`Key ${id} is ${stateOf(old)}: make a new one with nightshift api-keys create.`);
  const rotated = await onAws(() => rotateKey(old, options.overlap));
  if (!rotated) throw wrongUse(`Key ${id} was revoked meanwhile, or its tenant is being erased.`);
  const { apiKey, oldValidUntil } = rotated;
  warn(`This key is not shown again. Its id is ${apiKey.id}. The old one works until ${oldValidUntil}.`);
  return shown(rotated);
}

export async function endKey(id: string, options: StackOptions): Promise<Outcome> {
  const { authorizationCacheSeconds } = await findStack(options.stage);
  const key = await expectKey(id);
  if (!(await onAws(() => revokeKey(key)))) throw noSuchKey(id);
  const text = `Key ${id} is revoked. It stops working within ${authorizationCacheSeconds} s.`;
  return { value: { ...listed(key), state: 'revoked', stopsWithinSeconds: authorizationCacheSeconds }, text };
}

function wished(tenant: string, options: KeyOptions): unknown {
  const {
    name,
    scope = DEFAULT_SCOPES,
    publishable: isPublishable = false,
    origin,
    contract,
    days,
    validUntil,
  } = options;
  const kind: KeyKind = isPublishable ? 'publishable' : 'secret';
  const { perMinute, perDay } = { ...DEFAULT_KEY_LIMITS[kind], ...options };
  return {
    tenant,
    kind,
    name,
    scopes: [...new Set(scope)],
    limits: { perMinute, perDay },
    publishable: origin || contract ? { origins: origin ?? [], contracts: contract ?? [] } : undefined,
    validUntil: days === undefined ? validUntil : new Date(currentTime().getTime() + days * DAY_MS).toISOString(),
  };
}

/** @throws CliError TENANT_NOT_FOUND */
async function reasonForNoKey(tenant: string): Promise<CliError> {
  await expectTenant(tenant);
  const message = `Tenant ${tenant} is being erased, and gets no keys any more: nightshift tenants erase goes on with it.`;
  return new CliError('TENANT_BEING_ERASED', EXIT.wrongUse, message);
}

/** @throws CliError API_KEY_NOT_FOUND */
async function expectKey(id: string): Promise<ApiKey> {
  const key = await onAws(() => findApiKey(id));
  if (!key) throw noSuchKey(id);
  return key;
}

const noSuchKey = (id: string): CliError =>
  new CliError('API_KEY_NOT_FOUND', EXIT.wrongUse, `There is no key ${id}: nightshift api-keys list tells the ids.`);

/** The key alone, so that it can be piped. */
const shown = ({ key, apiKey }: IssuedKey): Outcome => ({ value: { key, ...listed(apiKey) }, text: key });

/** What is told of a key afterwards: nothing that would help to guess it. */
const listed = ({ sha256: _, ...key }: ApiKey) => ({ ...key, prefix: PREFIX[key.kind], state: stateOf(key) });

function stateOf({ revokedAt, validUntil }: Pick<ApiKey, 'revokedAt' | 'validUntil'>): string {
  if (revokedAt) return 'revoked';
  return works({ validUntil }) ? 'active' : 'expired';
}

const COLUMNS = ['ID', 'KEY', 'NAME', 'SCOPES', 'CREATED', 'LAST USED', 'STATE'];

const rowOf = ({
  id,
  prefix,
  name = '',
  scopes,
  createdAt,
  lastUsedAt = 'never',
  state,
  validUntil,
}: ReturnType<typeof listed>) => [
  id,
  `${prefix}…`,
  name,
  scopes.join(', '),
  createdAt,
  lastUsedAt,
  state === 'active' && validUntil ? `until ${validUntil}` : state,
];
