/**
 * What AWS costs in us-east-1, in US dollars, at its first tier and without what is free at first. Lambda as
 * https://aws.amazon.com/lambda/pricing/ had it on the date; the others as price lists of 2025 and 2026 quote
 * https://aws.amazon.com/{sqs,dynamodb,s3,api-gateway,waf,kms,cloudwatch}/pricing/.
 */
export const PRICES = {
  asOf: '2026-11-21',
  requestUsd: 0.2e-6,
  /** By what functions run on, as Node names it. */
  gbSecondUsd: { arm64: 0.0000133334, x64: 0.0000166667 },
  /** Of /tmp beyond the 512 MB that are free. */
  diskGbSecondUsd: 0.0000000309,
  /** Of a standard queue: sending, receiving, deleting, an empty receive. */
  queueRequestUsd: 0.4e-6,
  /** On demand: a row of up to 1 KB written, one of up to 4 KB read as it stands now. */
  tableWriteUsd: 0.625e-6,
  tableReadUsd: 0.125e-6,
  objectPutUsd: 5e-6,
  objectGetUsd: 0.4e-6,
  /** Of a REST API. */
  apiRequestUsd: 3.5e-6,
  webAclRequestUsd: 0.6e-6,
  /** A web ACL and each of its rules, whether anybody asks or not. */
  webAclMonthUsd: 5,
  webAclRuleMonthUsd: 1,
  /** A customer's key of KMS; its first rotation adds as much, and its second. */
  kmsKeyMonthUsd: 1,
  /** Of a metric; the first ten are free. */
  alarmMonthUsd: 0.1,
} as const;

const MB_PER_GB = 1024;
/** Every function has so much of /tmp. */
export const FREE_DISK_MB = 512;

/**
 * One invocation of a function.
 *
 * @param architecture that of the function; if not given, what this runs on: a deployment's functions all run on the same,
 *   and here times are measured where they are priced.
 */
export function invocationUsd(
  { memoryMb, diskMb }: { memoryMb: number; diskMb: number },
  seconds: number,
  architecture: string = process.arch,
): number {
  const memory = (memoryMb / MB_PER_GB) * PRICES.gbSecondUsd[architecture === 'arm64' ? 'arm64' : 'x64'];
  const disk = (Math.max(diskMb - FREE_DISK_MB, 0) / MB_PER_GB) * PRICES.diskGbSecondUsd;
  return PRICES.requestUsd + seconds * (memory + disk);
}
