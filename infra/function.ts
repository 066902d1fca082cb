import { Duration, RemovalPolicy, Size, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, type ILayerVersion, Function as LambdaFunction, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { HANDLER_MB, LARGEST_K } from '../core/lanes.ts';
import { ARTIFACT_DISK_SHARE, BYTES_PER_MB, PROVER_CACHE_SHARE } from '../core/limits.ts';
import { architectureOf } from './architecture.ts';
import { type FunctionName, functionDirectory } from './bundle.ts';
import { monthOfLogs } from './logs.ts';
import { settingsOf } from './settings.ts';
import type { Storage } from './storage.ts';

export interface FunctionOptions {
  storage: Storage;
  memoryMb: number;
  timeoutSeconds: number;
  /** Size of /tmp; Lambda's 512 MB if not given. */
  diskMb?: number;
  /** What of the account's concurrency is kept for it; it shares with others if not given. */
  reservedConcurrency?: number;
  environment?: Record<string, string>;
  layers?: ILayerVersion[];
}

/**
 * What every function of ours has, whichever way it is packed. No SnapStart, should it come for Node: environments restored
 * from one snapshot would have the same random state, and so repeat the blinding factors of proofs.
 */
export function commonProps(scope: Construct, name: FunctionName, options: FunctionOptions) {
  const { storage, memoryMb, timeoutSeconds, diskMb, reservedConcurrency, environment } = options;
  const { lanes, tenantLimits, logLevel, developmentParameters } = settingsOf(scope);
  const logGroup = monthOfLogs(scope, `${name}-logs`);
  // AWS's own policy for functions lets them write into every log of the account.
  const role = new Role(scope, `${name}-role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  logGroup.grantWrite(role);
  return {
    description: `Nightshift: ${name}`,
    architecture: architectureOf(scope),
    memorySize: memoryMb,
    timeout: Duration.seconds(timeoutSeconds),
    ...(diskMb && { ephemeralStorageSize: Size.mebibytes(diskMb) }),
    reservedConcurrentExecutions: reservedConcurrency,
    tracing: Tracing.ACTIVE,
    environment: {
      STACK_NAME: Stack.of(scope).stackName,
      TABLE_NAME: storage.table.tableName,
      BUCKET_NAME: storage.bucket.bucketName,
      // Laying out a circuit takes memory in proportion to its size: the prover refuses what no lane takes.
      NIGHTSHIFT_MAX_K: String(LARGEST_K),
      // So the prover runs out of memory before the function does, and takes nothing along.
      NIGHTSHIFT_MEMORY_BYTES: String((memoryMb - HANDLER_MB) * BYTES_PER_MB),
      // What belongs to the deployment as a whole.
      LANES: JSON.stringify(lanes),
      TENANT_LIMITS: JSON.stringify(tenantLimits),
      DEVELOPMENT_PARAMETERS: developmentParameters ? 'on' : 'off',
      POWERTOOLS_LOG_LEVEL: logLevel,
      ...environment,
    },
    logGroup,
    role,
    // A version that has been replaced may still be at a job. One of a deployment that failed has to go: Lambda publishes
    // nothing that is like the newest version.
    currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE },
  };
}

/** A function from its bundled folder. */
export function zipFunction(scope: Construct, name: FunctionName, options: FunctionOptions): LambdaFunction {
  return new LambdaFunction(scope, name, {
    ...commonProps(scope, name, options),
    runtime: Runtime.NODEJS_24_X,
    code: Code.fromAsset(functionDirectory(name)),
    handler: 'index.handler',
    layers: options.layers ?? [],
  });
}

/** What a function keeps of keys and parameters: on disk, and in the prover's memory. Belongs in its environment. */
export const cacheBounds = ({ diskMb, memoryMb }: { diskMb: number; memoryMb: number }) => ({
  ARTIFACT_CACHE_BYTES: String(Math.floor(diskMb * BYTES_PER_MB * ARTIFACT_DISK_SHARE)),
  NIGHTSHIFT_CACHE_BYTES: String(Math.floor(memoryMb * BYTES_PER_MB * PROVER_CACHE_SHARE)),
});
