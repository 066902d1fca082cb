import pLimit from 'p-limit';
import { currentTime } from '../../core/clock.ts';
import { ANSWER_RETENTION_SECONDS } from '../../core/limits.ts';
import { ANSWERS_PREFIX, deleteObject, objectsBefore } from '../../core/store/objects.ts';

const AT_ONCE = 8;

/** Deletes large answers of synchronous requests that nobody came for again. @returns how many. */
export async function forgetAnswers(now = currentTime()): Promise<number> {
  let forgotten = 0;
  const before = new Date(now.getTime() - ANSWER_RETENTION_SECONDS * 1000);
  for await (const objects of objectsBefore(ANSWERS_PREFIX, before)) {
    await pLimit(AT_ONCE).map(objects, deleteObject);
    forgotten += objects.length;
  }
  return forgotten;
}
