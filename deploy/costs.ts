/** What a deployment will cost, told before it is made. */
import { estimateIn } from '../core/estimate.ts';
import { laneFor, laneTable } from '../core/lanes.ts';
import { PRICES } from '../core/prices.ts';
import { type Standing, standingMonthUsd } from '../core/standing-costs.ts';
import type { Template } from './assembly.ts';
import { propertiesOf } from './checks.ts';

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

export function costsOf(template: Template): string {
  const { polling, kms, webAcl, alarms } = standingMonthUsd(standingOf(template));
  const parts = [
    `polling ${usd(polling)}`,
    `KMS ${usd(kms)}${kms > 0 ? ' (-c kms=false)' : ''}`,
    `web ACL ${usd(webAcl)}${webAcl > 0 ? ' (-c waf=false)' : ''}`,
    `alarms ${usd(alarms)}`,
  ];
  return `What it costs, by AWS's prices in us-east-1 as of ${PRICES.asOf}:
  while nothing happens  ${usd(polling + kms + webAcl + alarms)} a month: ${parts.join(', ')}
  computing a proof      ${SIZES.map(proofOf).join(', ')}
  docs/performance.md says what is around a proof, and from how many on a server would be cheaper.`;
}

function proofOf(k: number): string {
  const { costUsd } = estimateIn(laneFor({ k }, laneTable().proving), { k }, 0);
  return `k=${k} $${costUsd.toPrecision(2)}`;
}

const usd = (amount: number): string => `$${amount.toFixed(2)}`;
