import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { median } from '../../bench/figures.ts';
import { DOCUMENTED_RULES, FairQueue, type FairRules } from '../../bench/scale/fair-queue.ts';
import { type Message, type Queue, StandardQueue } from '../../bench/scale/queue.ts';
import { type Sight, simulate } from '../../bench/scale/simulate.ts';
import { FixedPool } from '../../bench/scale/workers.ts';
import { type Lane, laneTable, smallestLane } from '../../core/lanes.ts';
import { expectedSeconds } from '../../core/proving-times.ts';

const LANES = laneTable().proving;
const [SMALL] = [smallestLane(LANES)];
const MANY = 500;
const FEW = 5;

interface Shape {
  cap: number;
  proofSeconds: number;
  /** How many jobs the one sends at once, and when the other sends how many. */
  backlog: number;
  at: number;
  few: number;
}

/** The lane as it is, in which a tenant has many jobs waiting when, some proofs later, another submits a few. */
const inLane = ({ maxConcurrency, maxK, memoryMb }: Lane & { maxK: number }): Shape => {
  const proofSeconds = expectedSeconds({ k: maxK }, memoryMb).warm;
  return { cap: maxConcurrency, proofSeconds, backlog: MANY + maxConcurrency, at: 3.5 * proofSeconds, few: FEW };
};

/** How long the jobs of the tenant that has few wait, in proof times, in the order in which they begin. */
function waitsOfFew(queue: Queue, { cap, proofSeconds, backlog, at, few }: Shape, onEvent?: (sight: Sight) => void) {
  const from = (tenant: string, arrivedAt: number, count: number): Message[] =>
    Array.from({ length: count }, () => ({ tenant, arrivedAt }));
  const messages = [...from('many', 0, backlog), ...from('few', at, few)];
  const waits: number[] = [];
  const outcome = simulate(
    messages,
    { queue, workers: new FixedPool(cap, () => proofSeconds), capacity: 0 },
    { onEvent, onBegin: ({ tenant }, wait) => void (tenant === 'few' && waits.push(wait / proofSeconds)) },
  );
  expect(outcome.proved).toBe(messages.length);
  return { waits, endedAt: outcome.endedAt };
}

const fair = (rules: Partial<FairRules> = {}) => new FairQueue({ ...DOCUMENTED_RULES, ...rules });

describe('a tenant that submits five jobs while another has 500 waiting', () => {
  test.each(LANES.map((lane) => [lane.name, lane] as const))(
    'waits less than three proof times in lane %s; without groups it waits for the others to be done',
    (_name, lane) => {
      expect(median(waitsOfFew(fair(), inLane(lane)).waits)).toBeLessThan(3);
      expect(median(waitsOfFew(new StandardQueue(), inLane(lane)).waits)).toBeGreaterThan(
        MANY / lane.maxConcurrency / 2,
      );
    },
  );

  test('waits less than three proof times however long ago AWS takes recent to be', () => {
    for (const recentSeconds of [1, 10, 600, 3600]) {
      expect(median(waitsOfFew(fair({ recentSeconds }), inLane(SMALL)).waits)).toBeLessThan(3);
    }
  });

  test('owes that to the share of processing time: below 30 messages in flight, nobody is noisy by their number', () => {
    const byNumber = fair({ processingShare: 1 });
    expect(SMALL.maxConcurrency).toBeLessThan(DOCUMENTED_RULES.inFlight);
    expect(median(waitsOfFew(byNumber, inLane(SMALL)).waits)).toBeGreaterThan(3);
    const wider = inLane({ ...SMALL, maxConcurrency: DOCUMENTED_RULES.inFlight });
    expect(median(waitsOfFew(fair({ processingShare: 1 }), wider).waits)).toBeLessThan(3);
  });
});

const shapes: fc.Arbitrary<Shape> = fc
  .record({
    cap: fc.integer({ min: 2, max: 60 }),
    proofSeconds: fc.double({ min: 0.05, max: 120, noNaN: true }),
    backlog: fc.integer({ min: 1, max: 400 }),
    atShare: fc.double({ min: 0, max: 1, noNaN: true }),
    few: fc.integer({ min: 1, max: 20 }),
  })
  .map(({ atShare, ...shape }) => ({ ...shape, at: (atShare * shape.backlog * shape.proofSeconds) / shape.cap }));

describe('in a lane of any shape', () => {
  test('nobody who comes behind a backlog waits longer than without groups', () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const without = waitsOfFew(new StandardQueue(), shape).waits;
        waitsOfFew(fair(), shape).waits.forEach((wait, index) => {
          expect(wait).toBeLessThanOrEqual((without[index] as number) + 1e-6);
        });
      }),
    );
  });

  test('no place is empty while a message waits, and all are done at the same time as without groups', () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const onEvent = ({ waiting, busy }: Sight) => expect(waiting === 0 || busy === shape.cap).toBe(true);
        const { endedAt } = waitsOfFew(fair(), shape, onEvent);
        expect(endedAt).toBeCloseTo(waitsOfFew(new StandardQueue(), shape).endedAt, 6);
      }),
    );
  });
});

describe('among noisy tenants', () => {
  test('the one that has the fewest messages in flight is served first', () => {
    const queue = fair();
    for (const tenant of ['first', 'second']) {
      for (let sent = 0; sent < 10; sent++) queue.send({ tenant, arrivedAt: 0 });
    }
    const served = Array.from({ length: 10 }, (_, second) => queue.receive(second)?.tenant);
    expect(served.filter((tenant) => tenant === 'second')).toHaveLength(5);
  });

  test('a tenant whose messages are all delivered is quiet again', () => {
    const queue = fair({ processingShare: 1, inFlight: 1 });
    queue.send({ tenant: 'noisy', arrivedAt: 0 });
    queue.send({ tenant: 'noisy', arrivedAt: 0 });
    queue.send({ tenant: 'quiet', arrivedAt: 1 });
    expect(queue.receive(1)?.tenant).toBe('noisy');
    expect(queue.receive(1)?.tenant).toBe('quiet');
    expect(queue.receive(1)?.tenant).toBe('noisy');
    expect(queue.length).toBe(0);
  });
});
