import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { type Caller, expectSecretKey } from '../../core/access/caller.ts';
import { limitsOf } from '../../core/access/tenant.ts';
import type { Usage } from '../../core/api/usage.ts';
import { currentTime } from '../../core/clock.ts';
import { readCircuitCount } from '../../core/contracts/circuit-count.ts';
import { json } from '../../core/http/answers.ts';
import { keyRate, type Rate, readRate, tenantRate } from '../../core/jobs/rates.ts';
import { readInFlight } from '../../core/jobs/tenant-counts.ts';
import type { WindowName } from '../../core/jobs/windows.ts';

/** `GET /v1/usage`: what the caller's tenant and its API key have used of their limits. */
export async function usage(_: APIGatewayProxyEvent, caller: Caller): Promise<APIGatewayProxyResult> {
  expectSecretKey(caller);
  const { tenant, apiKey, limits } = caller;
  const tenantLimits = await limitsOf(tenant);
  const now = currentTime().toISOString();
  const ofKey = (name: WindowName) => rateView(keyRate(tenant, { id: apiKey, limits }, name, now));
  const view: Usage = {
    tenant: {
      id: tenant,
      inFlight: { used: await readInFlight(tenant), limit: tenantLimits.inFlight },
      perDay: await rateView(tenantRate(tenant, tenantLimits.perDay, now)),
      circuits: { used: await readCircuitCount(tenant), limit: tenantLimits.circuits },
    },
    apiKey: { id: apiKey, perMinute: await ofKey('perMinute'), perDay: await ofKey('perDay') },
  };
  return json(200, view);
}

async function rateView(rate: Rate) {
  const { limit, window } = rate;
  return { used: await readRate(rate), limit, endsAt: new Date(window.endsAt * 1000).toISOString() };
}
