import type { Job } from '../../core/jobs/job.ts';
import { openedFor } from '../../core/sealing/at-rest.ts';
import { getObject, objectOf } from '../../core/store/objects.ts';

/** The job's witness as its worker comes to have it; undefined if none is stored. */
export async function storedWitness(job: Job): Promise<Uint8Array | undefined> {
  const stored = await getObject(objectOf.witness(job.id));
  return stored && openedFor(job, stored);
}
