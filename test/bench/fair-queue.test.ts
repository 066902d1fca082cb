import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { median } from '../../bench/figures.ts';
import { DOCUMENTED_RULES, FairQueue, type FairRules } from '../../bench/scale/fair-queue.ts';
import { fairnessByLane, type Shape, shapeOf, waitsOfFew } from '../../bench/scale/fairness.ts';
import { StandardQueue } from '../../bench/scale/queue.ts';
import type { Sight } from '../../bench/scale/simulate.ts';
import { laneTable, smallestLane } from '../../core/lanes.ts';

const SMALL = smallestLane(laneTable().proving);

const fair = (rules: Partial<FairRules> = {}) => new FairQueue({ ...DOCUMENTED_RULES, ...rules });

describe('a tenant that submits five jobs while another has 500 waiting', () => {
  test.each(fairnessByLane())(
    'waits less than three proof times in lane $lane.name; without groups it waits for the others to be done',
    ({ lane, fair, standard }) => {
      expect(fair).toBeLessThan(3);
      expect(standard).toBeGreaterThanOrEqual(500 / lane.maxConcurrency);
    },
  );

  test('waits less than three proof times however long ago AWS takes recent to be', () => {
    for (const recentSeconds of [1, 10, 600, 3600]) {
      expect(median(waitsOfFew(fair({ recentSeconds }), shapeOf(SMALL)).waits)).toBeLessThan(3);
    }
  });

  test('owes that to the share of processing time: below 30 messages in flight, nobody is noisy by their number', () => {
    const byNumber = fair({ processingShare: 1 });
    expect(SMALL.maxConcurrency).toBeLessThan(DOCUMENTED_RULES.inFlight);
    expect(median(waitsOfFew(byNumber, shapeOf(SMALL)).waits)).toBeGreaterThan(3);
    const wider = shapeOf({ ...SMALL, maxConcurrency: DOCUMENTED_RULES.inFlight });
    expect(median(waitsOfFew(fair({ processingShare: 1 }), wider).waits)).toBeLessThan(3);
  });
});

const shapes: fc.Arbitrary<Shape> = fc
  .record({
    maxConcurrency: fc.integer({ min: 2, max: 60 }),
    proofSeconds: fc.double({ min: 0.05, max: 120, noNaN: true }),
    many: fc.integer({ min: 1, max: 400 }),
    atShare: fc.double({ min: 0, max: 1, noNaN: true }),
    few: fc.integer({ min: 1, max: 20 }),
  })
  .map(({ atShare, ...shape }) => ({
    ...shape,
    at: (atShare * shape.many * shape.proofSeconds) / shape.maxConcurrency,
  }));

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
        const onEvent = ({ waiting, busy }: Sight) => expect(waiting === 0 || busy === shape.maxConcurrency).toBe(true);
        const { outcome } = waitsOfFew(fair(), shape, onEvent);
        const { outcome: without } = waitsOfFew(new StandardQueue(), shape);
        expect(outcome.proved).toBe(shape.many + shape.few);
        expect(outcome.endedAt).toBeCloseTo(without.endedAt, 6);
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
