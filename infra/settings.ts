/** What a deployment can be told by CDK context. */
import type { Construct } from 'constructs';
import { z } from 'zod';
import { type LaneSettings, laneSettings } from '../core/lanes.ts';
import { AUTHORIZATION_CACHE_SECONDS, REQUESTS_FROM_ONE_ADDRESS, REQUESTS_WITHOUT_KEY } from '../core/limits.ts';
import { stageSchema } from '../core/stage.ts';
import { type TenantLimits, tenantLimitsSchema } from '../core/tenant-limits.ts';

/** On the command line a context value is text, in a file or a program JSON. */
const json = <S extends z.ZodType>(schema: S) =>
  z.preprocess((value, { addIssue }) => {
    if (typeof value !== 'string') return value;
    try {
      return JSON.parse(value);
    } catch {
      addIssue({ code: 'custom', message: `That is no JSON: ${value}` });
      return z.NEVER;
    }
  }, schema);

const domainSchema = z.strictObject({
  name: z.hostname(),
  /** Of the stack's region. */
  certificateArn: z
    .string()
    .regex(/^arn:[a-z-]+:acm:[a-z0-9-]+:\d{12}:certificate\/.+$/, 'That is no certificate of ACM'),
  /** The zone of Route 53 that its record goes into; somebody else makes it if not given. */
  hostedZoneId: z.string().min(1).optional(),
});

const context = z.object({
  /** One of several deployments in an account and region: `-c stage=test` */
  stage: stageSchema.optional(),
  /** Put on all that can be tagged, beside our own: `-c tags='{"team":"x"}'` */
  tags: json(z.record(z.string().min(1).max(128), z.string().max(256)).default({})),
  /** `-c domain='{"name":"prove.example.com","certificateArn":"arn:…","hostedZoneId":"Z…"}'` */
  domain: json(domainSchema.optional()),
  /** Whether the stack has a KMS key of its own, which costs while nothing happens: `-c kms=false` */
  kms: json(z.boolean().default(true)),
  /** Whether table, bucket and key outlive the stack. */
  keepData: json(z.boolean().default(true)),
  /** `-c pool='{"workers":2,"capacity":0,"timeoutSeconds":600}'` */
  pool: json(laneSettings.shape.pool),
  maxConcurrency: json(laneSettings.shape.maxConcurrency),
  /** `-c lanes='{"small":{"maxConcurrency":50,"capacity":1000,"reservedConcurrency":50}}'` */
  lanes: json(laneSettings.shape.lanes),
  /** `-c tenantLimits='{"inFlight":500,"perDay":20000}'` */
  tenantLimits: json(tenantLimitsSchema.prefault({})),
  /** How long API Gateway goes by what it was told of an API key. A revoked one works for so much longer. */
  authorizationCacheSeconds: json(z.int().min(1).max(3600).default(AUTHORIZATION_CACHE_SECONDS)),
  /** Whether a web ACL bounds requests without an API key. It costs while nothing happens: `-c waf=false` */
  waf: json(z.boolean().default(true)),
  /** How many of them one address may make. AWS takes no lower limit. */
  requestsWithoutKeyPerMinute: json(z.int().min(10).default(REQUESTS_WITHOUT_KEY)),
  requestsPerMinute: json(z.int().min(10).default(REQUESTS_FROM_ONE_ADDRESS)),
  /** How long the audit log is kept, and can't be shortened: `-c auditDays=90` */
  auditDays: json(z.int().min(1).default(365)),
  /** Whether `/fetch-params/{k}` is answered. */
  fetchParams: json(z.boolean().default(true)),
  /** Whether insecure parameters are taken: `-c developmentParameters=true` */
  developmentParameters: json(z.boolean().default(false)),
  /** Who is told of alarms: `-c alarmEmail=you@example.com` */
  alarmEmail: z.email().optional(),
  logLevel: z.enum(['DEBUG', 'INFO', 'WARN', 'ERROR']).default('INFO'),
});

/** The names of all settings: of these, and of how it is packed. */
export const SETTING_NAMES = [...Object.keys(context.shape), 'architecture', 'packaging', 'prover'];

export type Domain = z.infer<typeof domainSchema>;

export interface Settings {
  stage?: string;
  tags: Record<string, string>;
  domain?: Domain;
  kms: boolean;
  keepData: boolean;
  lanes: LaneSettings;
  tenantLimits: TenantLimits;
  authorizationCacheSeconds: number;
  auditDays: number;
  waf: boolean;
  requestsWithoutKeyPerMinute: number;
  requestsPerMinute: number;
  fetchParams: boolean;
  developmentParameters: boolean;
  alarmEmail?: string;
  logLevel: string;
}

/** @throws Error that names the setting. */
function parse<S extends z.ZodType>(schema: S, settings: unknown): z.infer<S> {
  const { data, error } = schema.safeParse(settings);
  if (error) throw new Error(`The CDK context is wrong.\n${z.prettifyError(error)}`);
  return data as z.infer<S>;
}

export function settingsOf({ node }: Construct): Settings {
  const given = Object.keys(context.shape).map((name) => [name, node.tryGetContext(name)]);
  const { pool, maxConcurrency, lanes, ...settings } = parse(context, Object.fromEntries(given));
  return { ...settings, lanes: parse(laneSettings, { pool, maxConcurrency, lanes }) };
}
