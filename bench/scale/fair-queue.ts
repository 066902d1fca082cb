/**
 * A standard queue whose messages carry their tenant as MessageGroupId, by the rules of
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues-detailed.html
 */
import { type Message, type Queue, StandardQueue } from './queue.ts';

export interface FairRules {
  /** A tenant is noisy with so many messages in flight, if they are more than that share of all in flight, … */
  inFlight: number;
  inFlightShare: number;
  /** … or if its messages took more than that share of the recent processing time. */
  processingShare: number;
  /** How long ago `recent` is. AWS does not say; the share of what was so long ago counts a third (1/e). */
  recentSeconds: number;
}

export const DOCUMENTED_RULES: FairRules = {
  inFlight: 30,
  inFlightShare: 0.1,
  processingShare: 0.1,
  recentSeconds: 60,
};

interface Tenant {
  waiting: StandardQueue;
  use: ConsumerUse;
  isNoisy: boolean;
}

/**
 * Quiet tenants' messages go first, oldest first; then those of the noisy tenant that has the fewest in flight. A tenant is
 * noisy until both its shares are down to a quiet tenant's, or nothing of it waits. AWS has it noisy for longer if it has
 * messages waiting but none in flight: for five minutes.
 */
export class FairQueue implements Queue {
  readonly #rules: FairRules;
  readonly #tenants = new Map<string, Tenant>();
  readonly #all: ConsumerUse;
  #length = 0;

  constructor(rules: FairRules = DOCUMENTED_RULES) {
    this.#rules = rules;
    this.#all = new ConsumerUse(rules.recentSeconds);
  }

  get length(): number {
    return this.#length;
  }

  send(message: Message): void {
    this.#tenantOf(message).waiting.send(message);
    this.#length++;
  }

  receive(now: number): Message | undefined {
    const waiting = [...this.#tenants.values()].filter((tenant) => tenant.waiting.length > 0);
    for (const tenant of waiting) tenant.isNoisy = this.#isNoisy(tenant, now);
    const [first] = waiting.toSorted(inOrder);
    const message = first?.waiting.receive();
    if (!first || !message) return undefined;
    this.#length--;
    first.use.change(1, now);
    this.#all.change(1, now);
    first.isNoisy = first.waiting.length > 0 && this.#isNoisy(first, now);
    return message;
  }

  delete(message: Message, now: number): void {
    this.#tenantOf(message).use.change(-1, now);
    this.#all.change(-1, now);
  }

  #isNoisy({ use, isNoisy }: Tenant, now: number): boolean {
    const { inFlight, inFlightShare, processingShare } = this.#rules;
    const hasManyInFlight = use.inFlight > inFlightShare * this.#all.inFlight;
    const tookLong = use.recentAt(now) > processingShare * this.#all.recentAt(now);
    return tookLong || (hasManyInFlight && (isNoisy || use.inFlight >= inFlight));
  }

  #tenantOf({ tenant: name }: Message): Tenant {
    const known = this.#tenants.get(name);
    if (known) return known;
    const tenant = { waiting: new StandardQueue(), use: new ConsumerUse(this.#rules.recentSeconds), isNoisy: false };
    this.#tenants.set(name, tenant);
    return tenant;
  }
}

function inOrder(a: Tenant, b: Tenant): number {
  if (a.isNoisy !== b.isNoisy) return a.isNoisy ? 1 : -1;
  const fewer = a.isNoisy ? a.use.inFlight - b.use.inFlight : 0;
  return fewer || (a.waiting.oldest?.arrivedAt ?? 0) - (b.waiting.oldest?.arrivedAt ?? 0);
}

/** Messages in flight, and the time they spent there, of which what is past counts ever less. */
class ConsumerUse {
  readonly #recentSeconds: number;
  #recent = 0;
  #changedAt = 0;
  inFlight = 0;

  constructor(recentSeconds: number) {
    this.#recentSeconds = recentSeconds;
  }

  recentAt(now: number): number {
    const kept = Math.exp((this.#changedAt - now) / this.#recentSeconds);
    return this.#recent * kept + this.inFlight * this.#recentSeconds * (1 - kept);
  }

  change(by: 1 | -1, now: number): void {
    this.#recent = this.recentAt(now);
    this.#changedAt = now;
    this.inFlight += by;
  }
}
