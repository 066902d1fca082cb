/** The environment that infra gives every function. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { jsonText } from './json-text.ts';
import { LANE_NAMES, type LaneName, type LaneTable, laneSettings, laneTable } from './lanes.ts';
import { BYTES_PER_MB } from './limits.ts';
import { stackOf } from './stage.ts';
import { type TenantLimits, tenantLimitsSchema } from './tenant-limits.ts';

const environment = z.object({
  /** Under which metrics are counted. */
  STACK_NAME: z.string().min(1).default(stackOf()),
  TABLE_NAME: z.string().min(1),
  BUCKET_NAME: z.string().min(1),
  AUDIT_BUCKET_NAME: z.string().min(1),
  /** Queues by the lanes that the function enqueues to. */
  QUEUE_URLS: jsonText(z.partialRecord(z.enum(LANE_NAMES), z.url())),
  /** How the lanes differ from the table. */
  LANES: jsonText(laneSettings).optional(),
  /** What one tenant may have, unless its own limits say otherwise. */
  TENANT_LIMITS: jsonText(tenantLimitsSchema).optional(),
  /** `off` where `/fetch-params` is not to be answered. */
  FETCH_PARAMS: z.enum(['on', 'off']).default('on'),
  /** `on` where contracts may be built on development parameters. */
  DEVELOPMENT_PARAMETERS: z.enum(['on', 'off']).default('off'),
  PREFETCH_FUNCTION_NAME: z.string().min(1),
  /** The KMS key that sealing keys are wrapped with, where there is one. */
  STACK_KEY_ARN: z.string().min(1),
  /** Below what name they are in Parameter Store, where there is none. */
  SEALING_KEYS_PATH: z.string().startsWith('/'),
});

/** Functions that share a machine, as on the emulated AWS, have a folder each, since each has a bound of its own. */
const functionName = (): string => process.env.AWS_LAMBDA_FUNCTION_NAME ?? '';

const prover = z.object({
  /** The native prover. In a layer and in the image it is at the same place. */
  PROVER_PATH: z.string().default('/opt/bin/nightshift-prover'),
  /** Where a function keeps keys and parameters between jobs. */
  ARTIFACT_DIR: z.string().default(() => join(tmpdir(), 'nightshift-artifacts', functionName())),
  /** How many bytes it may keep there. */
  ARTIFACT_CACHE_BYTES: z.coerce
    .number()
    .int()
    .positive()
    .default(384 * BYTES_PER_MB),
});

const { shape } = environment;

export const stackName = (): string => shape.STACK_NAME.parse(process.env.STACK_NAME);
export const tableName = (): string => shape.TABLE_NAME.parse(process.env.TABLE_NAME);
export const bucketName = (): string => shape.BUCKET_NAME.parse(process.env.BUCKET_NAME);
export const auditBucketName = (): string => shape.AUDIT_BUCKET_NAME.parse(process.env.AUDIT_BUCKET_NAME);
export const queueUrls = (): Partial<Record<LaneName, string>> => shape.QUEUE_URLS.parse(process.env.QUEUE_URLS);
export const lanes = (): LaneTable => laneTable(shape.LANES.parse(process.env.LANES));
export const tenantLimits = (): TenantLimits =>
  shape.TENANT_LIMITS.parse(process.env.TENANT_LIMITS) ?? tenantLimitsSchema.parse({});
export const fetchesParams = (): boolean => shape.FETCH_PARAMS.parse(process.env.FETCH_PARAMS) === 'on';
export const allowsDevelopmentParameters = (): boolean =>
  shape.DEVELOPMENT_PARAMETERS.parse(process.env.DEVELOPMENT_PARAMETERS) === 'on';
export const prefetchFunctionName = (): string =>
  shape.PREFETCH_FUNCTION_NAME.parse(process.env.PREFETCH_FUNCTION_NAME);
export const hasStackKey = (): boolean => process.env.STACK_KEY_ARN !== undefined;
export const stackKeyArn = (): string => shape.STACK_KEY_ARN.parse(process.env.STACK_KEY_ARN);
export const sealingKeysPath = (): string => shape.SEALING_KEYS_PATH.parse(process.env.SEALING_KEYS_PATH);
export const proverConfig = (): z.infer<typeof prover> => prover.parse(process.env);
