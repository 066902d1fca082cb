/** Tenants: who jobs, keys and limits belong to. */
import { z } from 'zod';
import { tenantLimits } from '../config.ts';
import { INDEX, indexedUnder, keyOf, rowAt } from '../store/table.ts';
import { ownLimitsSchema, type TenantLimits } from '../tenant-limits.ts';

/** The one of a deployment on somebody's own machine, which needs no API keys. */
export const LOCAL_TENANT = 'local';

/** It stands in keys of the table and in message groups, and is chosen by the operator. */
export const tenantId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'a tenant is named with up to 63 small letters, digits and hyphens');

export const tenantRow = z.object({
  id: tenantId,
  createdAt: z.iso.datetime(),
  /** Those of the deployment hold where it has none of its own. */
  limits: ownLimitsSchema.default({}),
});
export type Tenant = z.infer<typeof tenantRow>;

/** The partition of the index that lists them. */
const TENANTS = 'TENANTS';

/** Its row, which tenants are listed by. */
export const rowOfTenant = (tenant: Tenant) => ({
  ...keyOf.tenant(tenant.id),
  [INDEX.partitionKey]: TENANTS,
  [INDEX.sortKey]: tenant.id,
  ...tenant,
});

/** All of them; a new one is there within a second. */
export async function listTenants(): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of indexedUnder(TENANTS)) ids.push(tenantId.parse(id));
  return ids;
}

export async function readTenant(id: string): Promise<Tenant | undefined> {
  const row = await rowAt(keyOf.tenant(id));
  return row && tenantRow.parse(row);
}

/** Its own limits, and the deployment's where it has none. */
export async function limitsOf(tenant: string): Promise<TenantLimits> {
  return { ...tenantLimits(), ...(await readTenant(tenant))?.limits };
}
