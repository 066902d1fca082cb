/** The environments of a function behind an SQS event source, as Lambda adds and reuses them. */
import type { Begun, Workers } from './workers.ts';

export interface Scaling {
  /** Messages an event source has processed at once at the start, how many more a minute, and the most. */
  atStart: number;
  morePerMinute: number;
  atMost: number;
  /** Environments that a function can be given at a time, which are there again after so many seconds. */
  newEnvironments: number;
  newEnvironmentsSeconds: number;
  /** Lambdas that the account may run at once. */
  accountConcurrency: number;
  /** An environment that did nothing for so long is gone. */
  keptWarmSeconds: number;
}

/**
 * Event source: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html ("starts processing five batches at a
 * time", "adds up to 300 concurrent invokes of your function a minute, up to a maximum of 1,250"; a maximum concurrency can
 * be 2 to 1,000).
 * Environments: https://docs.aws.amazon.com/lambda/latest/dg/scaling-behavior.html ("1,000 execution environment instances
 * every 10 seconds", refilled continuously, and not saved up).
 * Account: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html; the quota can be raised.
 * How long environments stay warm AWS does not say; users report 5 minutes and more.
 */
export const DOCUMENTED_SCALING: Scaling = {
  atStart: 5,
  morePerMinute: 300,
  atMost: 1250,
  newEnvironments: 1000,
  newEnvironmentsSeconds: 10,
  accountConcurrency: 1000,
  keptWarmSeconds: 300,
};

export interface ProofSeconds {
  /** Until a new environment's handler runs. */
  coldStart: number;
  /** Of a proof in a new environment, and in one that has the keys in memory. */
  cold: number;
  warm: number;
}

/** What sums of many small steps may be off by. */
const ROUNDING = 1e-6;

export class LambdaWorkers implements Workers {
  readonly most: number;
  readonly #scaling: Scaling;
  readonly #seconds: () => ProofSeconds;
  /** How many the event source would have at work now. */
  #wanted: number;
  #backlog = 0;
  #seenAt = 0;
  #busy = 0;
  #newLeft: number;
  #newCountedAt = 0;
  /** Since when environments have been idle; the one that was last busy is last, and taken first. */
  readonly #idleSince: number[] = [];

  constructor(maxConcurrency: number, seconds: () => ProofSeconds, scaling: Scaling = DOCUMENTED_SCALING) {
    this.most = Math.min(maxConcurrency, scaling.atMost, scaling.accountConcurrency);
    this.#scaling = scaling;
    this.#seconds = seconds;
    this.#wanted = Math.min(scaling.atStart, this.most);
    this.#newLeft = scaling.newEnvironments;
  }

  /** While messages wait, more are wanted; while none do, fewer again, no faster than they had become more. */
  see(now: number, waiting: number): void {
    const { atStart } = this.#scaling;
    const change = this.#perSecond * (now - this.#seenAt);
    this.#wanted =
      this.#backlog > 0
        ? Math.min(this.#wanted + change, this.most)
        : Math.max(this.#wanted - change, this.#busy, Math.min(atStart, this.most));
    this.#seenAt = now;
    this.#backlog = waiting;
  }

  begin(now: number): Begun | undefined {
    if (this.#busy >= this.#places) return undefined;
    const { coldStart, cold, warm } = this.#seconds();
    if (this.#takeWarm(now)) {
      this.#busy++;
      return { startSeconds: 0, proofSeconds: warm };
    }
    this.#countNew(now);
    if (this.#newLeft < 1 - ROUNDING) return undefined;
    this.#newLeft--;
    this.#busy++;
    return { startSeconds: coldStart, proofSeconds: cold };
  }

  end(now: number): void {
    this.#busy--;
    this.#idleSince.push(now);
  }

  nextBeginAt(now: number): number {
    if (this.#busy >= this.most) return Number.POSITIVE_INFINITY;
    if (this.#busy >= this.#places) return now + (this.#places + 1 - this.#wanted) / this.#perSecond;
    return now + (1 - this.#newLeft) / this.#newPerSecond;
  }

  get #places(): number {
    return Math.floor(this.#wanted + ROUNDING);
  }

  get #perSecond(): number {
    return this.#scaling.morePerMinute / 60;
  }

  get #newPerSecond(): number {
    return this.#scaling.newEnvironments / this.#scaling.newEnvironmentsSeconds;
  }

  #takeWarm(now: number): boolean {
    const idleSince = this.#idleSince.pop();
    if (idleSince === undefined) return false;
    if (now - idleSince < this.#scaling.keptWarmSeconds) return true;
    // All others have been idle for longer.
    this.#idleSince.length = 0;
    return false;
  }

  #countNew(now: number): void {
    const again = (now - this.#newCountedAt) * this.#newPerSecond;
    this.#newLeft = Math.min(this.#newLeft + again, this.#scaling.newEnvironments);
    this.#newCountedAt = now;
  }
}
