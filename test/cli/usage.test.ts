import { expect, test } from 'vitest';
import type { Usage } from '../../core/api/usage.ts';
import { nightshift } from './run.ts';
import { urlOf } from './server.ts';

const MIDNIGHT = '2026-11-23T00:00:00.000Z';
const USAGE: Usage = {
  tenant: {
    id: 'acme',
    inFlight: { used: 3, limit: 500 },
    perDay: { used: 12, limit: 20_000, endsAt: MIDNIGHT },
    circuits: { used: 4, limit: 1000 },
  },
  apiKey: {
    id: '7b0c5e3a-3c1f-4d6e-9a53-6f6f1f0f9f11',
    perMinute: { limit: 0, endsAt: '2026-11-22T05:05:00.000Z' },
    perDay: { used: 2, limit: 7, endsAt: MIDNIGHT },
  },
};

test('usage shows each limit, and what of it is used', async () => {
  const url = await urlOf((incoming, answer) => answer.end(incoming.url === '/v1/usage' ? JSON.stringify(USAGE) : ''));
  const { code, stdout } = await nightshift(['usage', '--url', url]);
  expect(code).toBe(0);
  expect(stdout).toBe(`Tenant acme

LIMIT                      USED         OF          UNTIL
jobs in flight             3            500
jobs a day                 12           20000       ${MIDNIGHT}
circuits                   4            1000
jobs a minute by this key  not counted  any number  2026-11-22T05:05:00.000Z
jobs a day by this key     2            7           ${MIDNIGHT}
`);
  expect(JSON.parse((await nightshift(['usage', '--json', '--url', url])).stdout)).toEqual(USAGE);
});
