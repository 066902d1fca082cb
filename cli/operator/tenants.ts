/** `nightshift tenants list`, `create` and `limits`. */
import {
  createTenant,
  listTenants as idsOfTenants,
  readTenant,
  setLimits,
  type Tenant,
  tenantId,
} from '../../core/access/tenant.ts';
import { readInFlight } from '../../core/jobs/tenant-counts.ts';
import { type OwnLimits, TENANT_LIMITS } from '../../core/tenant-limits.ts';
import { CliError, EXIT, wrongUse } from '../error.ts';
import type { StackOptions } from '../options.ts';
import type { Outcome } from '../perform.ts';
import { tableOf } from '../print.ts';
import { AS_DEPLOYED, limitOption } from '../tenant-limit-options.ts';
import { onAws } from './aws.ts';
import { findStack } from './stack.ts';

const LIMITS = TENANT_LIMITS.map(({ name }) => name);

type ChangedLimits = { [Limit in keyof OwnLimits]?: number | typeof AS_DEPLOYED };

export async function listTenants({ stage }: StackOptions): Promise<Outcome> {
  await findStack(stage);
  const tenants = await onAws(async () => Promise.all((await idsOfTenants()).map(readListed)));
  const value = tenants.filter((tenant) => tenant !== undefined);
  if (value.length === 0) return { value, text: 'There are none: nightshift tenants create makes one.' };
  return { value, text: tableOf([['TENANT', 'CREATED', 'OPEN JOBS', 'LIMITS'], ...value.map(rowOf)]) };
}

export async function addTenant(id: string, options: StackOptions & OwnLimits): Promise<Outcome> {
  const { error } = tenantId.safeParse(id);
  if (error) throw wrongUse(`${id}: ${error.issues[0]?.message}.`);
  await findStack(options.stage);
  const tenant = await onAws(() => createTenant(id, limitsIn(options)));
  if (!tenant) throw new CliError('TENANT_EXISTS', EXIT.wrongUse, `There is a tenant ${id} already.`);
  return { value: tenant, text: `${lineOf(tenant)}\nIts API keys: nightshift api-keys create ${id}` };
}

export async function changeLimits(id: string, options: StackOptions & ChangedLimits): Promise<Outcome> {
  const changed = limitsIn(options);
  if (Object.keys(changed).length === 0) {
    throw wrongUse(`Nothing to change: give ${LIMITS.map(limitOption).join(' or ')}.`);
  }
  await findStack(options.stage);
  const tenant = await expectTenant(id);
  const merged = Object.entries({ ...tenant.limits, ...changed }).filter(([, limit]) => limit !== AS_DEPLOYED);
  const limits: OwnLimits = Object.fromEntries(merged);
  if (!(await onAws(() => setLimits(id, limits)))) throw noSuchTenant(id);
  const value = { ...tenant, limits };
  return { value, text: lineOf(value) };
}

/** @throws CliError TENANT_NOT_FOUND */
export async function expectTenant(id: string): Promise<Tenant> {
  const tenant = await onAws(() => readTenant(id));
  if (!tenant) throw noSuchTenant(id);
  return tenant;
}

export const noSuchTenant = (id: string): CliError =>
  new CliError('TENANT_NOT_FOUND', EXIT.wrongUse, `There is no tenant ${id}: nightshift tenants lists them.`);

type Listed = Tenant & { openJobs: number };

/** Undefined if it was erased at this very moment. */
async function readListed(id: string): Promise<Listed | undefined> {
  const [tenant, openJobs] = await Promise.all([readTenant(id), readInFlight(id)]);
  return tenant && { ...tenant, openJobs };
}

const rowOf = (tenant: Listed): string[] => [
  tenant.id,
  tenant.createdAt,
  `${tenant.openJobs}`,
  tenant.closedAt ? `being erased since ${tenant.closedAt}` : limitsOf(tenant),
];

const lineOf = (tenant: Tenant): string => `Tenant ${tenant.id}: ${limitsOf(tenant)}.`;

const limitsOf = ({ limits }: Tenant): string =>
  LIMITS.map((name) => `${name} ${limits[name] === undefined ? 'as deployed' : limits[name] || 'any'}`).join(', ');

const limitsIn = <L extends ChangedLimits>(options: L): Pick<L, (typeof LIMITS)[number]> =>
  Object.fromEntries(LIMITS.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]]))) as Pick<
    L,
    (typeof LIMITS)[number]
  >;
