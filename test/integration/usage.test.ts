import './scratch.ts';
import { randomUUID } from 'node:crypto';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { expect, test } from 'vitest';
import type { Caller } from '../../core/access/caller.ts';
import { rowOfTenant } from '../../core/access/tenant.ts';
import { tableName } from '../../core/config.ts';
import { admitJob } from '../../core/jobs/admit.ts';
import { endJob } from '../../core/jobs/end.ts';
import { table } from '../../core/store/table.ts';
import { ask } from '../stack/ask.ts';
import { CALLER } from '../stack/caller.ts';

const submit = ({ tenant, apiKey, limits }: Caller) =>
  admitJob({ tenant, apiKey, keyLimits: limits, operation: 'prove', circuit: 'c', k: 6, witness: new Uint8Array(8) });

const usageOf = async (caller: Caller) => {
  const { status, body } = await ask('GET', '/v1/usage', { caller });
  expect(status).toBe(200);
  return body;
};

test('what is used is told with the limits, of the tenant and of the key that asks', async () => {
  const tenant = `t${randomUUID()}`;
  const createdAt = new Date().toISOString();
  const limits = { inFlight: 500, perDay: 20_000 };
  await table.send(new PutCommand({ TableName: tableName(), Item: rowOfTenant({ id: tenant, createdAt, limits }) }));
  const caller: Caller = { ...CALLER, tenant, apiKey: randomUUID(), limits: { perMinute: 0, perDay: 7 } };
  const other: Caller = { ...caller, apiKey: randomUUID() };
  const [job] = [await submit(caller), await submit(caller), await submit(other)];
  await endJob(job, { state: 'cancelled', error: { code: 'CANCELLED', message: 'Enough.' } });
  const endsAt = expect.stringMatching(/T00:00:00\.000Z$/);
  expect(await usageOf(caller)).toEqual({
    tenant: {
      id: tenant,
      inFlight: { used: 2, limit: 500 },
      perDay: { used: 3, limit: 20_000, endsAt },
      circuits: { used: 0, limit: 1000 },
    },
    apiKey: {
      id: caller.apiKey,
      perMinute: { limit: 0, endsAt: expect.stringMatching(/:00\.000Z$/) },
      perDay: { used: 2, limit: 7, endsAt },
    },
  });
});

test('a publishable key is not told', async () => {
  const publishable = { origins: ['https://dapp.example'], contracts: ['midnight' as const] };
  const headers = { origin: 'https://dapp.example' };
  const answer = await ask('GET', '/v1/usage', { caller: { ...CALLER, publishable }, headers });
  expect(answer).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
});
