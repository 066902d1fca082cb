import './scratch.ts';
import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { LOCAL_TENANT } from '../../core/access/tenant.ts';
import { admitJob } from '../../core/jobs/admit.ts';
import { cancelJob } from '../../core/jobs/end.ts';
import { ask } from '../stack/ask.ts';

const JOBS = 7;
const parent = randomUUID();
const ids: string[] = [];

/** One after the other, so that their order is known; the newest comes first. */
beforeAll(async () => {
  const proof = { tenant: LOCAL_TENANT, operation: 'prove', circuit: 'c', k: 6, witness: new Uint8Array(8) } as const;
  for (let n = 0; n < JOBS; n++) {
    const labels = { wallet: String(n % 2), colour: 'a:b' };
    ids.unshift((await admitJob({ ...proof, labels })).id);
  }
  await admitJob({ ...proof, parent });
  await admitJob({ ...proof, tenant: 'somebody else' });
  for (const id of ids.slice(0, 2)) await cancelJob(LOCAL_TENANT, id, 'Enough.');
});

async function list(query = ''): Promise<{ ids: string[]; next?: string }> {
  const { status, body } = await ask('GET', `/v1/jobs${query}`);
  expect(status).toBe(200);
  return { ids: (body.jobs as { id: string }[]).map(({ id }) => id), next: body.next as string | undefined };
}

describe('the list of jobs', () => {
  test('has those of the tenant, newest first, without parts of transactions', async () => {
    expect(await list()).toEqual({ ids, next: undefined });
  });

  test('tells of each what its own page does, but what it came to', async () => {
    const { body } = await ask('GET', '/v1/jobs?limit=1');
    const job = (await ask('GET', `/v1/jobs/${ids[0]}`)).body;
    expect(body.jobs).toEqual([job]);
  });

  test.each([1, 2, 3, JOBS, JOBS + 1])('comes in pages of %i', async (limit) => {
    const seen: string[] = [];
    let next: string | undefined;
    do {
      const page = await list(`?limit=${limit}${next ? `&cursor=${next}` : ''}`);
      expect(page.ids.length).toBeLessThanOrEqual(limit);
      seen.push(...page.ids);
      next = page.next;
    } while (next);
    expect(seen).toEqual(ids);
  });

  test('by state', async () => {
    expect((await list('?state=cancelled')).ids).toEqual(ids.slice(0, 2));
    expect((await list('?state=queued')).ids).toEqual(ids.slice(2));
    expect((await list('?state=succeeded')).ids).toEqual([]);
  });

  test('by labels: every one of them', async () => {
    const even = ids.filter((_, index) => (JOBS - 1 - index) % 2 === 0);
    expect((await list('?label=wallet:0')).ids).toEqual(even);
    expect((await list('?label=wallet:0&label=colour:a:b')).ids).toEqual(even);
    expect((await list('?label=wallet:0&label=colour:red')).ids).toEqual([]);
    expect((await list('?label=size:0')).ids).toEqual([]);
  });

  test('of the parts of one transaction', async () => {
    const { body } = await ask('GET', `/v1/jobs?parent=${parent}`);
    expect(body.jobs).toMatchObject([{ parent }]);
  });

  test.each(['?limit=0', '?limit=101', '?state=lost', '?label=none', '?cursor=7', '?parent=7'])(
    'refuses %s',
    async (query) => {
      expect(await ask('GET', `/v1/jobs${query}`)).toMatchObject({ status: 400, body: { code: 'INVALID_REQUEST' } });
    },
  );
});
