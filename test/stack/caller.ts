/** Who asks, where a test is in API Gateway's and authorize's place. */
import { type Caller, contextOf } from '../../core/access/caller.ts';
import { SCOPES } from '../../core/access/scopes.ts';
import { LOCAL_TENANT } from '../../core/access/tenant.ts';

/** Someone with a secret key of the local tenant's. */
export const CALLER: Caller = {
  apiKey: '7b0c5e3a-3c1f-4d6e-9a53-6f6f1f0f9f11',
  tenant: LOCAL_TENANT,
  scopes: [...SCOPES],
  limits: { perMinute: 0, perDay: 0 },
};

/** What authorize would tell of them. */
export const authorizer = ({ apiKey, ...caller }: Caller = CALLER) => contextOf({ id: apiKey, ...caller });
