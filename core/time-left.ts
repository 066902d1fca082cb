/** Time kept back from the function's own, to write down how its work ended. */
const RESERVE_MS = 3000;

/** Aborts when an invocation's work has to end. @param remainingMs what the invocation has left. */
export const timeLeft = (remainingMs: number): AbortSignal =>
  AbortSignal.timeout(Math.max(remainingMs - RESERVE_MS, 0));
