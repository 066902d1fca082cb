/** What one tenant may have at most; 0: any number. */
import { z } from 'zod';

const limits = z.strictObject({
  /** Jobs that have not ended. */
  inFlight: z.int().min(0),
  /** Jobs submitted from midnight to midnight, UTC. */
  perDay: z.int().min(0),
});

/** The deployment's, for tenants that have none of their own. */
export const tenantLimitsSchema = limits.extend({
  inFlight: limits.shape.inFlight.default(0),
  perDay: limits.shape.perDay.default(0),
});
export type TenantLimits = z.infer<typeof tenantLimitsSchema>;

/** A tenant's own. */
export const ownLimitsSchema = limits.partial();
export type OwnLimits = z.infer<typeof ownLimitsSchema>;
