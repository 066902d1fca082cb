/** A progress bar for a job. How long that takes is an estimate: the bar gets to its end only with the job. */
import type { Job } from 'nightshift-client';

/** So far it comes by itself. */
const MOST = 0.95;
/** Of that, so much is left at the estimated time. */
const LEFT_AT_ESTIMATE = 0.1;

export class ProgressBar {
  readonly #bar: HTMLProgressElement;
  #frame = 0;

  constructor(bar: HTMLProgressElement) {
    this.#bar = bar;
  }

  /** To be called with the job as it was taken first: that one has the estimate. */
  show({ state, estimate }: Job): void {
    if (state === 'succeeded') this.#set(1);
    else if (estimate) this.#move(performance.now(), estimate.queuedMs + estimate.keysMs + estimate.proveMs);
  }

  reset(): void {
    this.#set(0);
  }

  #set(value: number): void {
    cancelAnimationFrame(this.#frame);
    this.#bar.value = value;
  }

  #move(begun: number, expectedMs: number): void {
    this.#set(MOST * (1 - LEFT_AT_ESTIMATE ** ((performance.now() - begun) / expectedMs)));
    this.#frame = requestAnimationFrame(() => this.#move(begun, expectedMs));
  }
}
