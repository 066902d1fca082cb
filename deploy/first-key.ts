/** The key of whoever deploys first: without one, nobody has proofs made. */
import { onAws } from '../cli/operator/aws.ts';
import { findStack } from '../cli/operator/stack.ts';
import { listApiKeys } from '../core/access/api-key.ts';
import { issueKey, newKey } from '../core/access/issued-keys.ts';
import { DEFAULT_KEY_LIMITS } from '../core/access/key-limits.ts';
import { DEFAULT_SCOPES } from '../core/access/scopes.ts';
import { createTenant, listTenants } from '../core/access/tenant.ts';

const FIRST_TENANT = 'first';

/**
 * Makes a tenant and its key where there is no tenant, or where that one got no key since making it failed.
 *
 * @returns the key, which nobody can read again.
 */
export async function firstKey(stage?: string): Promise<string | undefined> {
  await findStack(stage);
  return onAws(async () => {
    const tenants = await listTenants();
    const hasOthers = tenants.some((tenant) => tenant !== FIRST_TENANT);
    if (hasOthers || (await listApiKeys(FIRST_TENANT)).length > 0) return undefined;
    if (tenants.length === 0) await createTenant(FIRST_TENANT, {});
    const wish = { tenant: FIRST_TENANT, kind: 'secret', scopes: DEFAULT_SCOPES, limits: DEFAULT_KEY_LIMITS.secret };
    return (await issueKey(newKey.parse(wish)))?.key;
  });
}
