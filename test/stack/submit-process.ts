/** A process that submits a proof with an Idempotency-Key, until it is killed: `key-digest`. */
import { LOCAL_TENANT } from '../../core/access/tenant.ts';
import { admitOnce } from '../../core/jobs/admit-once.ts';
import { newProof, SMALL } from './proof-jobs.ts';

const key = `${process.argv[2]}`;
const { job } = await admitOnce({ tenant: LOCAL_TENANT, key, digest: key }, () => newProof(SMALL));
console.log(job.id);
