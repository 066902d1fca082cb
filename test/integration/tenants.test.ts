/** Tenants and their API keys, as an operator makes and ends them. */
import './scratch.ts';
import { randomUUID } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import { DeleteCommand, type GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { APIGatewayRequestAuthorizerEvent, Context } from 'aws-lambda';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { type ApiKey, listApiKeys, works } from '../../core/access/api-key.ts';
import { findApiKey, issueKey, type NewKey, newKey, revokeKey, rotateKey } from '../../core/access/issued-keys.ts';
import {
  closeTenant,
  createTenant,
  limitsOf,
  listTenants,
  noteKeysRemoved,
  readTenant,
  setLimits,
} from '../../core/access/tenant.ts';
import { tableName } from '../../core/config.ts';
import { keyOf } from '../../core/store/row-keys.ts';
import { table } from '../../core/store/table.ts';
import { handler as authorize } from '../../functions/authorize/index.ts';

const HOUR_MS = 3600 * 1000;

const newTenant = async (): Promise<string> => {
  const tenant = await createTenant(`t-${randomUUID()}`, {});
  return `${tenant?.id}`;
};
const wish = (tenant: string): NewKey => ({
  tenant,
  kind: 'secret',
  name: 'backend',
  scopes: ['prove', 'usage'],
  limits: { perMinute: 30, perDay: 1000 },
});
async function issue(tenant: string) {
  const issued = await issueKey(wish(tenant));
  if (!issued) throw new Error('no key was issued');
  return issued;
}

/** What authorize tells API Gateway of whoever sends the key. */
async function letIn(key: string): Promise<unknown> {
  const event = {
    methodArn: 'arn:aws:execute-api:us-east-1:000000000000:api/prod/POST/prove',
    multiValueHeaders: { 'x-api-key': [key] },
    requestContext: {},
  } as unknown as APIGatewayRequestAuthorizerEvent;
  const { principalId } = await authorize(event, {} as Context);
  return principalId;
}

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('a tenant', () => {
  test('is made once, and listed', async () => {
    const id = await newTenant();
    expect(await createTenant(id, { inFlight: 1 })).toBeUndefined();
    expect(await readTenant(id)).toEqual({ id, createdAt: expect.any(String), limits: {} });
    expect(await listTenants()).toContain(id);
  });

  test('has limits of its own, and the deployment’s where it has none', async () => {
    const id = await newTenant();
    expect(await setLimits(id, { inFlight: 7 })).toBe(true);
    vi.stubEnv('TENANT_LIMITS', JSON.stringify({ inFlight: 3, perDay: 5 }));
    expect(await limitsOf(id)).toMatchObject({ inFlight: 7, perDay: 5 });
    expect(await setLimits('nobody', { inFlight: 7 })).toBe(false);
    expect(await readTenant('nobody')).toBeUndefined();
  });

  test('gets no keys once it is closed', async () => {
    const id = await newTenant();
    const { apiKey } = await issue(id);
    const closed = await closeTenant(id);
    expect(await closeTenant(id), 'the first time counts').toEqual(closed);
    expect(await issueKey(wish(id))).toBeUndefined();
    expect(await rotateKey(apiKey, 60)).toBeUndefined();
    expect(await listApiKeys(id)).toHaveLength(1);
    expect(await closeTenant('nobody')).toBeUndefined();
  });

  test('is one whose keys let nobody in once it is closed, or gone', async () => {
    const [closed, gone] = [await issue(await newTenant()), await issue(await newTenant())];
    await closeTenant(closed.apiKey.tenant);
    await table.send(new DeleteCommand({ TableName: tableName(), Key: keyOf.tenant(gone.apiKey.tenant) }));
    for (const { key, apiKey } of [closed, gone]) {
      await expect(letIn(key)).rejects.toThrow('Unauthorized');
      expect(await listApiKeys(apiKey.tenant), 'it is there still').toEqual([apiKey]);
    }
  });

  test('remembers when its keys were taken away first', async () => {
    const id = await newTenant();
    const closed = await closeTenant(id);
    const removed = await noteKeysRemoved(id);
    expect(removed).toEqual({ ...closed, keysRemovedAt: expect.any(String) });
    expect(await noteKeysRemoved(id)).toEqual(removed);
    expect(await noteKeysRemoved('nobody')).toBeUndefined();
  });
});

describe('an API key', () => {
  test('lets in whom it was made for, and only its hash is kept', async () => {
    const tenant = await newTenant();
    const { key, apiKey } = await issue(tenant);
    expect(await letIn(key)).toBe(tenant);
    const [kept] = await listApiKeys(tenant);
    expect(kept).toEqual({ ...apiKey, lastUsedAt: expect.any(String) });
    expect(JSON.stringify(kept)).not.toContain(key.slice('nsk_live_'.length));
    expect(await findApiKey(apiKey.id)).toEqual(kept);
    expect(await findApiKey(randomUUID())).toBeUndefined();
  });

  test('lets in though its use can’t be noted: that is logged, without the key', async () => {
    const { key, apiKey } = await issue(await newTenant());
    const send = table.send.bind(table);
    const denied = new Error('User is not authorized to perform: dynamodb:UpdateItem');
    const failing = (command: unknown) =>
      command instanceof UpdateCommand ? Promise.reject(denied) : send(command as GetCommand);
    vi.spyOn(table, 'send').mockImplementation(failing);
    const warn = vi.spyOn(Logger.prototype, 'warn').mockReturnValue();
    onTestFinished(() => void vi.restoreAllMocks());
    expect(await letIn(key)).toBe(apiKey.tenant);
    expect(warn.mock.calls).toEqual([['use not noted', { apiKey: apiKey.id, error: denied }]]);
  });

  test('needs a tenant', async () => {
    expect(await issueKey(wish('nobody'))).toBeUndefined();
    expect(await listApiKeys('nobody')).toEqual([]);
  });

  test('lets nobody in once it is revoked, and stays so', async () => {
    const { key, apiKey } = await issue(await newTenant());
    expect(await revokeKey(apiKey)).toBe(true);
    await expect(letIn(key)).rejects.toThrow('Unauthorized');
    const revoked = await findApiKey(apiKey.id);
    expect(await revokeKey(apiKey)).toBe(true);
    expect(await findApiKey(apiKey.id)).toEqual(revoked);
    expect(await rotateKey(apiKey, 60)).toBeUndefined();
    expect(await revokeKey({ ...apiKey, sha256: '00' })).toBe(false);
  });

  test('is replaced by one that may do the same, and works until the overlap is over', async () => {
    const { key: old, apiKey } = await issue(await newTenant());
    const rotated = await rotateKey(apiKey, 2 * 3600);
    const { id, sha256, createdAt, ...may } = apiKey;
    expect(rotated?.apiKey).toMatchObject(may);
    expect(rotated?.apiKey.validUntil).toBeUndefined();
    expect(await Promise.all([letIn(old), letIn(`${rotated?.key}`)])).toEqual([apiKey.tenant, apiKey.tenant]);
    const inUse = (await findApiKey(id)) as ApiKey;
    expect(rotated?.oldValidUntil).toBe(inUse.validUntil);
    expect(works(inUse, new Date(Date.now() + 1.9 * HOUR_MS).toISOString())).toBe(true);
    expect(works(inUse, new Date(Date.now() + 2.1 * HOUR_MS).toISOString())).toBe(false);
  });

  test('that ends before the overlap does still ends then, and so does the one in its place', async () => {
    const tenant = await newTenant();
    const validUntil = new Date(Date.now() + HOUR_MS).toISOString();
    const issued = await issueKey({ ...wish(tenant), validUntil });
    const rotated = await rotateKey(issued?.apiKey as ApiKey, 24 * 3600);
    expect(rotated).toMatchObject({ oldValidUntil: validUntil, apiKey: { validUntil } });
    expect(await findApiKey(`${issued?.apiKey.id}`)).toMatchObject({ validUntil });
  });
});

const publishable = { origins: ['https://app.example'], contracts: ['midnight'] };
const inPage = { ...wish('t'), kind: 'publishable', scopes: ['prove', 'verify'], publishable };

describe('what is wished for', () => {
  test.each([
    ['a secret key', wish('t')],
    ['a publishable one', inPage],
    ['one for pages of a port', { ...inPage, publishable: { ...publishable, origins: ['http://localhost:5173'] } }],
    ['one for a contract', { ...inPage, publishable: { ...publishable, contracts: ['0'.repeat(64)] } }],
  ])('may be %s', (_, wished) => {
    expect(newKey.safeParse(wished).error).toBeUndefined();
  });

  test.each([
    ['without a scope', { ...wish('t'), scopes: [] }, /a scope or more/],
    ['a scope that there is not', { ...wish('t'), scopes: ['admin'] }, /Invalid option/],
    ['origins of a secret key', { ...wish('t'), publishable }, /only a publishable key/],
    ['a publishable key for everybody', { ...inPage, publishable: undefined }, /needs the origins/],
    ['a publishable key that registers', { ...inPage, scopes: ['prove', 'register'] }, /proves and verifies/],
    ['a publishable key that shows usage', { ...inPage, scopes: ['usage'] }, /proves and verifies/],
    ['a publishable key without a rate', { ...inPage, limits: { perMinute: 0, perDay: 5 } }, /jobs of a minute/],
    ['no origin', { ...inPage, publishable: { ...publishable, origins: [] } }, /needs the origins/],
    ['any contract', { ...inPage, publishable: { ...publishable, contracts: ['*'] } }, /must be the id of a contract/],
  ])('is never %s', (_, wished, reason) => {
    expect(newKey.safeParse(wished).error?.message).toMatch(reason);
  });

  test.each([
    ...['null', '*', 'app.example', 'https://app.example/', 'https://app.example/pay'],
    ...['https://App.example', 'https://app.example:443', 'file://'],
  ])('is never for pages of %s', (origin) => {
    const wished = { ...inPage, publishable: { ...publishable, origins: [origin] } };
    expect(newKey.safeParse(wished).error?.message).toMatch(/an origin is written as browsers do/);
  });
});
