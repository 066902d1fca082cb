/** Tenants: who jobs, keys and limits belong to. */
import { z } from 'zod';
import { currentTime } from '../clock.ts';
import { tableName, tenantLimits } from '../config.ts';
import { keyOf } from '../store/row-keys.ts';
import { INDEX, indexedUnder, rowAt, setting, transact, updateIf, type Write } from '../store/table.ts';
import { type OwnLimits, ownLimitsSchema, type TenantLimits } from '../tenant-limits.ts';

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
  /** It is being erased since then: it gets no keys any more, and those that it has do not work. */
  closedAt: z.iso.datetime().optional(),
  /** When its keys were taken away. */
  keysRemovedAt: z.iso.datetime().optional(),
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
export const listTenants = (): Promise<string[]> =>
  Array.fromAsync(indexedUnder(TENANTS), ({ id }) => tenantId.parse(id));

export async function readTenant(id: string): Promise<Tenant | undefined> {
  const row = await rowAt(keyOf.tenant(id));
  return row && tenantRow.parse(row);
}

/** Its own limits, and the deployment's where it has none. */
export async function limitsOf(tenant: string): Promise<TenantLimits> {
  return { ...tenantLimits(), ...(await readTenant(tenant))?.limits };
}

/** @returns undefined if there is one of that name. */
export async function createTenant(id: string, limits: OwnLimits): Promise<Tenant | undefined> {
  const tenant = { id, createdAt: currentTime().toISOString(), limits };
  const { done } = await transact([
    { Put: { TableName: tableName(), Item: rowOfTenant(tenant), ConditionExpression: 'attribute_not_exists(PK)' } },
  ]);
  return done ? tenant : undefined;
}

/** @returns whether there is such a tenant. */
export const setLimits = (id: string, limits: OwnLimits): Promise<boolean> => set(id, { limits });

/** Nobody gets a key of it any more, or is let in by one: it is to be erased. @returns undefined if there is none. */
export const closeTenant = (id: string): Promise<Tenant | undefined> => setTime(id, 'closedAt');

/** That its keys are gone: whoever they let in before is remembered from then on at the latest. */
export const noteKeysRemoved = (id: string): Promise<Tenant | undefined> => setTime(id, 'keysRemovedAt');

/** Whether there is such a tenant, and it is not being erased. */
export async function isOpen(id: string): Promise<boolean> {
  const tenant = await readTenant(id);
  return tenant !== undefined && tenant.closedAt === undefined;
}

/** Has a transaction fail where there is no such tenant, or where it is being erased. */
export const ifOpen = (id: string): Write => ({
  ConditionCheck: {
    TableName: tableName(),
    Key: keyOf.tenant(id),
    ConditionExpression: 'attribute_exists(PK) AND attribute_not_exists(closedAt)',
  },
});

/** Done twice, the first time counts. */
async function setTime(id: string, attribute: 'closedAt' | 'keysRemovedAt'): Promise<Tenant | undefined> {
  const tenant = await readTenant(id);
  if (!tenant || tenant[attribute]) return tenant;
  await set(id, { [attribute]: currentTime().toISOString() });
  return readTenant(id);
}

function set(id: string, attributes: Partial<Tenant>): Promise<boolean> {
  const { expression, names, values } = setting(attributes);
  return updateIf({
    TableName: tableName(),
    Key: keyOf.tenant(id),
    UpdateExpression: expression,
    ConditionExpression: 'attribute_exists(PK)',
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: values,
  });
}
