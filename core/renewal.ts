/**
 * Does some work, and renews meanwhile what tells others that someone is at it. A renewal that fails says nothing: several
 * are due before the others take over.
 *
 * @param seconds that it lasts.
 */
export async function renewing<T>(seconds: number, renew: () => Promise<unknown>, work: () => Promise<T>): Promise<T> {
  const alive = setInterval(() => void renew().catch(() => undefined), renewalMs(seconds));
  try {
    return await work();
  } finally {
    clearInterval(alive);
  }
}

/** How long after one renewal the next is due. */
export const renewalMs = (seconds: number): number => (seconds * 1000) / 3;
