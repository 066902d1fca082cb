/** `nightshift tenants erase`: deletes a tenant with all that it has. */
import { setTimeout as delay } from 'node:timers/promises';
import { cancelOpenJobs, eraseRest, removeKeys, requestsEndAt } from '../../core/access/erase.ts';
import { closeTenant, noteKeysRemoved } from '../../core/access/tenant.ts';
import { currentTime } from '../../core/clock.ts';
import { LEASE_SECONDS, RECOVERY_DAYS } from '../../core/limits.ts';
import type { StackOptions } from '../options.ts';
import { interrupted, type Outcome } from '../perform.ts';
import { step } from '../progress.ts';
import { onAws } from './aws.ts';
import { expectTyped } from './expect-typed.ts';
import { findStack, type Stack } from './stack.ts';
import { expectTenant, noSuchTenant } from './tenants.ts';

export async function eraseTenant(
  id: string,
  { stage, yes }: StackOptions & { yes?: boolean },
  signal: AbortSignal,
): Promise<Outcome> {
  const stack = await findStack(stage);
  await expectTenant(id);
  if (!yes) await expectTyped(id, `This deletes all that ${id} has.`, signal);
  try {
    return await erase(id, stack, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
    throw interrupted(`Tenant ${id} is closed, and not erased yet. The same command goes on with it.`);
  }
}

async function erase(id: string, { authorizationCacheSeconds }: Stack, signal: AbortSignal): Promise<Outcome> {
  await onAws(() => closeTenant(id));
  let keys = await step('Take its API keys away', () => onAws(() => removeKeys(id)));
  const tenant = await onAws(() => noteKeysRemoved(id));
  if (!tenant?.keysRemovedAt) throw noSuchTenant(id);
  const endAt = requestsEndAt(tenant.keysRemovedAt, authorizationCacheSeconds);
  let cancelled = await step('Cancel its open jobs', () => onAws(() => cancelOpenJobs(id)));
  await step('Wait until requests of before are over', (note) => until(endAt, note, signal));
  keys += await step('Look for keys that were not listed yet', () => onAws(() => removeKeys(id)));
  // One that came in meanwhile may be worked at.
  cancelled += await step('Look for jobs that came in meanwhile', () => cancelUntilNone(id, signal));
  const erased = await step('Delete what is left', () => onAws(() => eraseRest(id)));
  const value = { tenant: id, keys, cancelled, ...erased };
  return { value, text: told(value) };
}

async function cancelUntilNone(id: string, signal: AbortSignal): Promise<number> {
  let cancelled = 0;
  for (;;) {
    const open = await onAws(() => cancelOpenJobs(id));
    if (open === 0) return cancelled;
    cancelled += open;
    await delay(LEASE_SECONDS * 1000, undefined, { signal });
  }
}

async function until(time: Date, note: (text: string) => void, signal: AbortSignal): Promise<void> {
  for (;;) {
    const seconds = Math.ceil((time.getTime() - currentTime().getTime()) / 1000);
    if (seconds <= 0) return;
    note(`${seconds} s`);
    await delay(1000, undefined, { signal });
  }
}

const told = ({ tenant, keys, cancelled, jobs, batches, records }: Record<string, number | string>): string =>
  `Tenant ${tenant} is erased: ${keys} keys, ${jobs} jobs with their witnesses and results (${cancelled} were open), ` +
  `${batches} batches, ${records} counts and records.
Contracts stay, since they are named by their content and shared. The table's recovery points keep rows, and no witness, for ${RECOVERY_DAYS} days.`;
