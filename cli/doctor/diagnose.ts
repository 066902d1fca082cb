/** What is looked at, in which order. */
import type { Deployment } from '../deployment.ts';
import { lookAtBodyLimit, lookAtClock, lookAtKey, lookAtTransport, lookAtVersion } from './access.ts';
import { lookAtAddress } from './address.ts';
import { lookAtBuiltInCircuits, lookAtContract } from './circuits.ts';
import type { Finding } from './finding.ts';

/** The findings as they come. What can't be found out any more is left out. */
export async function* diagnose(
  deployment: Deployment,
  contract: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<Finding, void, void> {
  const { finding, info, heard } = await lookAtAddress(deployment, signal);
  yield finding;
  if (!heard) return;
  yield lookAtTransport(deployment);
  yield lookAtClock(heard);
  const key = lookAtKey(deployment, heard);
  yield key;
  if (!key.ok || !info) return;
  yield lookAtVersion(info);
  yield* await lookAtBuiltInCircuits(deployment, signal);
  if (contract !== undefined) yield await lookAtContract(deployment, contract, signal);
  yield await lookAtBodyLimit(deployment, info, signal);
}
