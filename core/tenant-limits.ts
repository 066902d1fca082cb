/** What one tenant may have at most; 0: any number. */
import { z } from 'zod';
import { TENANT_CIRCUITS } from './limits.ts';

const most = z.int().min(0);

const limits = z.strictObject({
  inFlight: most.describe('jobs that have not ended'),
  perDay: most.describe('jobs submitted from midnight to midnight, UTC'),
  circuits: most.describe('circuits that it has registered'),
});
export type TenantLimits = z.infer<typeof limits>;

/** All that there are, with what each is a limit on. */
export const TENANT_LIMITS = limits.keyof().options.map((name) => ({ name, schema: limits.shape[name] }));

/** Those of a deployment, for tenants that have none of their own. */
export const tenantLimitsSchema = limits.extend({
  inFlight: most.default(0),
  perDay: most.default(0),
  circuits: most.default(TENANT_CIRCUITS),
});

/** Those of one tenant. */
export const ownLimitsSchema = limits.partial();
export type OwnLimits = z.infer<typeof ownLimitsSchema>;
