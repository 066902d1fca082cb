/** What a deployment can be told by CDK context. */
import type { Construct } from 'constructs';
import { z } from 'zod';
import { type LaneSettings, laneSettings } from '../core/lanes.ts';
import { type TenantLimits, tenantLimitsSchema } from '../core/tenant-limits.ts';

/** On the command line a context value is text, in a file or a program JSON. */
const json = <S extends z.ZodType>(schema: S) =>
  z.preprocess((value) => (typeof value === 'string' ? JSON.parse(value) : value), schema);

const context = z.object({
  /** `-c pool='{"workers":2,"capacity":0,"timeoutSeconds":600}'` */
  pool: json(laneSettings.shape.pool),
  maxConcurrency: json(laneSettings.shape.maxConcurrency),
  /** `-c lanes='{"small":{"maxConcurrency":50,"capacity":1000,"reservedConcurrency":50}}'` */
  lanes: json(laneSettings.shape.lanes),
  /** `-c tenantLimits='{"inFlight":500,"perDay":20000}'` */
  tenantLimits: json(tenantLimitsSchema.prefault({})),
  /** Whether `/fetch-params/{k}` is answered. */
  fetchParams: json(z.boolean().default(true)),
  /** Whether insecure parameters are taken: `-c developmentParameters=true` */
  developmentParameters: json(z.boolean().default(false)),
  logLevel: z.enum(['DEBUG', 'INFO', 'WARN', 'ERROR']).default('INFO'),
});

export interface Settings {
  lanes: LaneSettings;
  tenantLimits: TenantLimits;
  fetchParams: boolean;
  developmentParameters: boolean;
  logLevel: string;
}

export function settingsOf({ node }: Construct): Settings {
  const given = Object.keys(context.shape).map((name) => [name, node.tryGetContext(name)]);
  const { pool, maxConcurrency, lanes, ...settings } = context.parse(Object.fromEntries(given));
  return { ...settings, lanes: { pool, maxConcurrency, lanes } };
}
