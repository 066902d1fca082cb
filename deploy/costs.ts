/** What a deployment will cost, told before it is made. */
import { laneFor, laneTable } from '../core/lanes.ts';
import { invocationUsd, PRICES } from '../core/prices.ts';
import { expectedSeconds } from '../core/proving-times.ts';
import { type Standing, standingMonthUsd } from '../core/standing-costs.ts';
import type { ArchitectureName } from '../infra/prover-executable.ts';
import { propertiesOf, type Template } from './assembly.ts';

/** Of which it is told what a proof costs: a small call, a call with a few hashes, a shielded output. */
const SIZES = [6, 11, 14];

/** What the template has of it. */
export const standingOf = (template: Template): Standing => ({
  polledQueues: propertiesOf(template, 'AWS::Lambda::EventSourceMapping').filter(isOfQueue).length,
  kmsKeys: propertiesOf(template, 'AWS::KMS::Key').length,
  webAcls: propertiesOf(template, 'AWS::WAFv2::WebACL').length,
  webAclRules: propertiesOf(template, 'AWS::WAFv2::WebACL').flatMap(({ Rules }) => Rules ?? []).length,
  alarms: propertiesOf(template, 'AWS::CloudWatch::Alarm').length,
});

/** Streams are asked too, which costs nothing. */
const isOfQueue = ({ StartingPosition }: Record<string, unknown>): boolean => StartingPosition === undefined;

export function costsOf(template: Template, architecture: ArchitectureName): string {
  const { polling, kms, webAcl, alarms } = standingMonthUsd(standingOf(template));
  const parts = [
    `polling ${usd(polling)}`,
    `KMS ${usd(kms)}${kms > 0 ? ' (-c kms=false)' : ''}`,
    `web ACL ${usd(webAcl)}${webAcl > 0 ? ' (-c waf=false)' : ''}`,
    `alarms ${usd(alarms)} (an account’s first ten are free)`,
  ];
  return `What it costs, by AWS's prices in us-east-1 as of ${PRICES.asOf}:
  while nothing happens  ${usd(polling + kms + webAcl + alarms)} a month: ${parts.join(', ')}
  computing a proof      ${SIZES.map((k) => proofOf(k, architecture)).join(', ')}
  docs/performance.md says what is around a proof, and from how many on a server would be cheaper.`;
}

/** One whose keys have to be loaded. */
function proofOf(k: number, architecture: ArchitectureName): string {
  const lane = laneFor({ k }, laneTable().proving);
  const { cold } = expectedSeconds({ k }, lane.memoryMb);
  return `k=${k} $${invocationUsd(lane, cold, architecture).toFixed(6)}`;
}

const usd = (amount: number): string => `$${amount.toFixed(2)}`;
