/** A tenant that registers circuits without end. */
import '../integration/scratch.ts';
import { randomUUID } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import type { Caller } from '../../core/access/caller.ts';
import { createTenant } from '../../core/access/tenant.ts';
import { TENANT_CIRCUITS } from '../../core/limits.ts';
import { nativeProver } from '../../core/prover/native-prover.ts';
import { KEYS_PREFIX } from '../../core/store/objects.ts';
import { contentsOf } from '../faults/contents.ts';
import { scratchDeployment } from '../faults/scratch-deployment.ts';
import { distinctCircuit } from '../generator/distinct-circuit.ts';
import { ask } from '../stack/ask.ts';
import { CALLER } from '../stack/caller.ts';

const CIRCUITS = 10_000;
const A_CONTRACT = 250;
const LIMIT = 60;

afterAll(() => nativeProver().stop());

async function contractOf(count: number): Promise<[string, { zkir: string }][]> {
  const programs = Array.from({ length: count }, distinctCircuit);
  return (await Promise.all(programs)).map((zkir, n) => [`circuit${n}`, { zkir: zkir.toString('base64') }]);
}

const register = (caller: Caller, circuits: [string, { zkir: string }][]) =>
  ask('POST', '/v1/contracts', { caller, body: { circuits: Object.fromEntries(circuits) } });

test(`of ${CIRCUITS} circuits those are kept that the tenant may have, and no more`, async () => {
  const tenant = `t${randomUUID()}`;
  const caller = { ...CALLER, tenant };
  await createTenant(tenant, { circuits: LIMIT });
  const few = await contractOf(LIMIT - 10);
  expect((await register(caller, few)).status).toBe(202);
  for (let sent = 0; sent < CIRCUITS; sent += A_CONTRACT) {
    const refused = await register(caller, await contractOf(A_CONTRACT));
    expect(refused).toMatchObject({
      status: 429,
      body: {
        code: 'RATE_LIMITED',
        detail: expect.stringMatching(/^Circuit circuit\d+: The limit circuits is reached: 60 are registered\./),
      },
    });
  }
  const { objects, messages } = await contentsOf(scratchDeployment());
  expect(objects.filter((object) => object.startsWith(KEYS_PREFIX))).toHaveLength(LIMIT);
  expect(messages, 'keys are asked for of what was registered').toBe(few.length);
  expect((await ask('GET', '/v1/usage', { caller })).body).toMatchObject({
    tenant: { circuits: { used: LIMIT, limit: LIMIT } },
  });
  // What it has already, it may register again; others have a limit of their own.
  expect((await register(caller, few)).status).toBe(202);
  expect((await register({ ...CALLER, tenant: `t${randomUUID()}` }, await contractOf(1))).status).toBe(202);
});

test('a tenant that nobody has said anything of has a limit, too', async () => {
  const answer = await ask('GET', '/v1/usage', { caller: { ...CALLER, tenant: `t${randomUUID()}` } });
  expect(answer.body).toMatchObject({ tenant: { circuits: { used: 0, limit: TENANT_CIRCUITS } } });
});
