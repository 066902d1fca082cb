/** What one tenant may have at most; 0: any number. */
import { z } from 'zod';
import { TENANT_CIRCUITS } from './limits.ts';

const most = z.int().min(0);

const limits = z.strictObject({
  /** Jobs that have not ended. */
  inFlight: most,
  /** Jobs submitted from midnight to midnight, UTC. */
  perDay: most,
  /** Circuits that it has registered. */
  circuits: most,
});
export type TenantLimits = z.infer<typeof limits>;

/** Those of a deployment, for tenants that have none of their own. */
export const tenantLimitsSchema = limits.extend({
  inFlight: most.default(0),
  perDay: most.default(0),
  circuits: most.default(TENANT_CIRCUITS),
});

/** Those of one tenant. */
export const ownLimitsSchema = limits.partial();
export type OwnLimits = z.infer<typeof ownLimitsSchema>;
