/** The ways in which AWS fails, for a proxy before the emulated one. */
import { setTimeout as delay } from 'node:timers/promises';
import { seeded } from '../generator/random.ts';
import { jsonAnswer, operationOf, serviceOf } from './faulty-aws.ts';
import type { Answer, Behaviour } from './faulty-proxy.ts';

const SLOW_MS = 2000;

export const FAULTS = {
  /** Refused for now: too many requests. */
  throttled: async (call) =>
    operationOf(call) === 'TransactWriteItems'
      ? jsonAnswer(400, 'TransactionCanceledException', { CancellationReasons: [{ Code: 'ThrottlingError' }] })
      : (THROTTLED[serviceOf(call)] ?? jsonAnswer(429, 'TooManyRequestsException')),
  /** Status 500. */
  failed: async (call) =>
    serviceOf(call) === 's3' ? xmlAnswer(500, 'InternalError') : jsonAnswer(500, 'InternalServerError'),
  /** The connection breaks before the call is made. */
  cutOff: async () => undefined,
  /** The call is made, and its answer lost. */
  answerLost: async (_, passOn) => {
    await passOn();
    return undefined;
  },
  /** Answers after two seconds. */
  slow: async (_, passOn) => {
    await delay(SLOW_MS);
    return passOn();
  },
} satisfies Record<string, Behaviour>;

export type FaultName = keyof typeof FAULTS;

const xmlAnswer = (status: number, code: string): Answer => ({
  status,
  headers: { 'content-type': 'application/xml' },
  body: Buffer.from(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>A fault of this test.</Message></Error>`),
});

const THROTTLED: Record<string, Answer> = {
  dynamodb: jsonAnswer(400, 'ThrottlingException'),
  s3: xmlAnswer(503, 'SlowDown'),
  sqs: jsonAnswer(400, 'RequestThrottled'),
};

export interface Sometimes extends Behaviour {
  /** How often it happened. */
  readonly times: number;
}

/** Has it happen to that share of the calls, drawn by the seed: from 0, never, to 1, always. */
export function sometimes(share: number, seed: string, fault: Behaviour): Sometimes {
  const random = seeded(seed);
  const draw = () => Buffer.from(random(4)).readUInt32BE() / 2 ** 32;
  let times = 0;
  const behaviour: Behaviour = (call, passOn) => {
    if (draw() >= share) return passOn();
    times++;
    return fault(call, passOn);
  };
  return Object.defineProperty(behaviour, 'times', { get: () => times }) as Sometimes;
}
