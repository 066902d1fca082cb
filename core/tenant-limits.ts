/** What one tenant may have at most; 0: any number. */
import { z } from 'zod';

export const tenantLimitsSchema = z.strictObject({
  /** Jobs that have not ended. */
  inFlight: z.int().min(0).default(0),
  /** Jobs submitted from midnight to midnight, UTC. */
  perDay: z.int().min(0).default(0),
});
export type TenantLimits = z.infer<typeof tenantLimitsSchema>;
