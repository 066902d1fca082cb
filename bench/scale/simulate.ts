/** One lane, event by event: messages arrive, are admitted or refused, wait, are proved. Times are in seconds. */
import { Agenda } from './agenda.ts';
import { Durations } from './durations.ts';
import type { Message, Queue } from './queue.ts';
import type { Workers } from './workers.ts';

export interface Lane {
  queue: Queue;
  workers: Workers;
  /** Jobs that may wait beyond those being worked at; 0: any number. */
  capacity: number;
}

export interface Outcome {
  /** Of the jobs that arrived once the lane had settled. */
  admitted: number;
  refused: number;
  proved: number;
  /** Proofs in new environments. */
  cold: number;
  /** From a job's arrival to the beginning of its proof, and to the proof's end. */
  waits: Durations;
  sojourns: Durations;
  /** What workers spent at these jobs, their start included. */
  workerSeconds: number;
  /** Most jobs at work and most not yet ended, at any time. */
  mostBusy: number;
  mostOpen: number;
  /** The last proof's end. */
  endedAt: number;
}

export interface Sight {
  now: number;
  waiting: number;
  busy: number;
}

export interface Options {
  /** Jobs that arrive before do not count. */
  settledAt?: number;
  /** Told how things stand whenever anything has happened. */
  onEvent?: (sight: Sight) => void;
  /** Told when each job's proof begins. */
  onBegin?: (message: Message, wait: number) => void;
}

/** @param arriving soonest first. */
export function simulate(
  arriving: Iterable<Message>,
  { queue, workers, capacity }: Lane,
  { settledAt = 0, onEvent, onBegin }: Options = {},
): Outcome {
  const outcome: Outcome = {
    admitted: 0,
    refused: 0,
    proved: 0,
    cold: 0,
    waits: new Durations(),
    sojourns: new Durations(),
    workerSeconds: 0,
    mostBusy: 0,
    mostOpen: 0,
    endedAt: 0,
  };
  const mostOpen = capacity === 0 ? Number.POSITIVE_INFINITY : capacity + workers.most;
  const proving = new Agenda<Message>();
  const messages = arriving[Symbol.iterator]();
  const take = () => messages.next().value as Message | undefined;
  let arrival = take();
  let busy = 0;
  let now = 0;

  const arrive = (message: Message) => {
    const isRefused = busy + queue.length >= mostOpen;
    if (!isRefused) queue.send(message);
    if (message.arrivedAt >= settledAt) outcome[isRefused ? 'refused' : 'admitted']++;
  };
  const end = (message: Message) => {
    workers.end(now);
    queue.delete(message, now);
    busy--;
    outcome.endedAt = now;
    if (message.arrivedAt >= settledAt) {
      outcome.proved++;
      outcome.sojourns.add(now - message.arrivedAt);
    }
  };
  const beginAll = () => {
    while (queue.length > 0) {
      const begun = workers.begin(now);
      if (!begun) return;
      const message = queue.receive(now) as Message;
      busy++;
      const spent = begun.startSeconds + begun.proofSeconds;
      proving.add(now + spent, message);
      const wait = now - message.arrivedAt + begun.startSeconds;
      onBegin?.(message, wait);
      if (message.arrivedAt < settledAt) continue;
      outcome.waits.add(wait);
      outcome.workerSeconds += spent;
      if (begun.startSeconds > 0) outcome.cold++;
    }
  };

  while (arrival || queue.length > 0 || busy > 0) {
    const beginAt = queue.length > 0 ? workers.nextBeginAt(now) : Number.POSITIVE_INFINITY;
    const arrivesAt = arrival?.arrivedAt ?? Number.POSITIVE_INFINITY;
    now = Math.min(arrivesAt, proving.nextAt, beginAt);
    workers.see(now, queue.length);
    if (now === proving.nextAt) end(proving.next());
    else if (arrival && now === arrivesAt) {
      arrive(arrival);
      arrival = take();
    }
    beginAll();
    workers.see(now, queue.length);
    outcome.mostBusy = Math.max(outcome.mostBusy, busy);
    outcome.mostOpen = Math.max(outcome.mostOpen, busy + queue.length);
    onEvent?.({ now, waiting: queue.length, busy });
  }
  return outcome;
}
