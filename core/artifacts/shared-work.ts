interface Work<T> {
  result: Promise<T>;
  controller: AbortController;
  waiting: number;
}

/** Work that is done once for all who ask for it at the same time, and given up when nobody waits for it any more. */
export class SharedWork<T> {
  readonly #running = new Map<string, Work<T>>();

  /**
   * @param start begins the work if nobody has; its signal aborts once everyone's has.
   * @throws what the work throws; the signal's reason if it aborts first.
   */
  async join(key: string, start: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    const work = this.#running.get(key) ?? this.#start(key, start);
    const { promise: aborted, reject } = Promise.withResolvers<never>();
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    work.waiting++;
    try {
      return await Promise.race([work.result, aborted]);
    } finally {
      signal.removeEventListener('abort', abort);
      if (--work.waiting === 0) this.#end(key, work);
    }
  }

  #start(key: string, start: (signal: AbortSignal) => Promise<T>): Work<T> {
    const controller = new AbortController();
    const work = { result: start(controller.signal), controller, waiting: 0 };
    this.#running.set(key, work);
    return work;
  }

  #end(key: string, work: Work<T>): void {
    this.#running.delete(key);
    work.controller.abort();
    // Nobody is left to hear how it failed.
    work.result.catch(() => undefined);
  }
}
