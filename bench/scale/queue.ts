/** A queue without message groups. */

export interface Message {
  tenant: string;
  /** Seconds. */
  arrivedAt: number;
}

export interface Queue {
  /** Messages that wait. */
  readonly length: number;
  send(message: Message): void;
  /** The message that a consumer is given, which is in flight then. */
  receive(now: number): Message | undefined;
  /** The message is done with. */
  delete(message: Message, now: number): void;
}

/**
 * A standard queue delivers messages in the order in which they were sent, as well as it can; here it always does.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/standard-queues.html
 */
export class StandardQueue implements Queue {
  #messages: Message[] = [];
  #received = 0;

  get length(): number {
    return this.#messages.length - this.#received;
  }

  /** The message that is next. */
  get oldest(): Message | undefined {
    return this.#messages[this.#received];
  }

  send(message: Message): void {
    this.#messages.push(message);
  }

  receive(): Message | undefined {
    const message = this.#messages[this.#received];
    if (!message) return undefined;
    this.#received++;
    // Removing each from the front would move all others each time.
    if (this.#received * 2 > this.#messages.length) {
      this.#messages = this.#messages.slice(this.#received);
      this.#received = 0;
    }
    return message;
  }

  delete(): void {}
}
