/** Time kept back from the function's own, to write down how its work ended. */
const RESERVE_MS = 3000;

/** How long an invocation's work may take. @param remainingMs what the invocation has left. */
export const workMs = (remainingMs: number): number => Math.max(remainingMs - RESERVE_MS, 0);

/** Aborts when an invocation's work has to end. */
export const timeLeft = (remainingMs: number): AbortSignal => AbortSignal.timeout(workMs(remainingMs));
