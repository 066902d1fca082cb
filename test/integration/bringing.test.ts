import './scratch.ts';
import { randomBytes } from 'node:crypto';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, test, vi } from 'vitest';
import type { Artifact } from '../../core/artifacts/artifact.ts';
import { bringOnce, isUnderWay, readBringing } from '../../core/artifacts/bringing.ts';
import { tableName } from '../../core/config.ts';
import { NightshiftError } from '../../core/errors.ts';
import { BRINGING_SECONDS } from '../../core/limits.ts';
import { putObject } from '../../core/store/objects.ts';
import { keyOf } from '../../core/store/row-keys.ts';
import { table } from '../../core/store/table.ts';

vi.mock('../../core/limits.ts', async (original) => ({
  ...(await original<typeof import('../../core/limits.ts')>()),
  BRINGING_SECONDS: 0.6,
}));

const PATIENCE = { timeout: 10_000 };
const { signal } = new AbortController();

function wanted(): Artifact {
  const sha256 = randomBytes(32).toString('hex');
  return { sha256, object: `params/${sha256}` };
}

/** Someone who is at it until told how it ends. */
function bringer(artifact: Artifact) {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const bring = vi.fn(async () => {
    await promise;
    await putObject(artifact.object, new Uint8Array(1));
  });
  return { bring, finish: resolve, fail: reject };
}

/** Is at it when this returns. */
async function begin(artifact: Artifact) {
  const one = bringer(artifact);
  const outcome = bringOnce(artifact, one.bring, signal);
  await vi.waitFor(() => expect(one.bring).toHaveBeenCalled(), PATIENCE);
  return { ...one, outcome };
}

describe('bringing an artifact', () => {
  test('is done by one, while others wait, and not again', async () => {
    const artifact = wanted();
    const first = await begin(artifact);
    const others = Array.from({ length: 3 }, () => vi.fn());
    const waiting = Promise.all(others.map((bring) => bringOnce(artifact, bring, signal)));
    first.finish();
    expect(await first.outcome).toBe('made');
    expect(await waiting).toEqual(['present', 'present', 'present']);
    for (const bring of others) expect(bring).not.toHaveBeenCalled();
    expect(await readBringing(artifact)).toMatchObject({ aliveUntil: 0 });
  });

  test('that fails says why, and is taken up by who waited', async () => {
    const artifact = wanted();
    const first = await begin(artifact);
    first.fail(new NightshiftError('PARAMS_UNAVAILABLE', 'The source is gone.'));
    await expect(first.outcome).rejects.toThrow('The source is gone.');
    const failure = { code: 'PARAMS_UNAVAILABLE', message: 'The source is gone.' };
    expect(await readBringing(artifact)).toMatchObject({ failure });

    const second = bringer(artifact);
    second.finish();
    expect(await bringOnce(artifact, second.bring, signal)).toBe('made');
    expect(await readBringing(artifact)).not.toHaveProperty('failure');
  });

  test('for a reason of ours that fails tells nobody the reason', async () => {
    const artifact = wanted();
    const first = await begin(artifact);
    first.fail(new Error('inner matters'));
    await expect(first.outcome).rejects.toThrow('inner matters');
    expect((await readBringing(artifact))?.failure).toMatchObject({ code: 'INTERNAL' });
    expect(JSON.stringify(await readBringing(artifact))).not.toContain('inner');
  });

  test('goes on for as long as it takes', async () => {
    const artifact = wanted();
    const first = await begin(artifact);
    const begun = (await readBringing(artifact))?.aliveUntil ?? 0;
    const renewed = async () => expect((await readBringing(artifact))?.aliveUntil).toBeGreaterThan(begun);
    await vi.waitFor(renewed, PATIENCE);
    first.finish();
    expect(await first.outcome).toBe('made');
  });

  test('by one who died is taken over', async () => {
    const artifact = wanted();
    const died = { attempt: crypto.randomUUID(), aliveUntil: Date.now() + BRINGING_SECONDS * 1000 };
    await table.send(
      new UpdateCommand({
        TableName: tableName(),
        Key: keyOf.artifact(artifact.sha256),
        UpdateExpression: 'SET attempt = :attempt, aliveUntil = :until',
        ExpressionAttributeValues: { ':attempt': died.attempt, ':until': died.aliveUntil },
      }),
    );
    expect(isUnderWay(died)).toBe(true);
    const heir = bringer(artifact);
    heir.finish();
    expect(await bringOnce(artifact, heir.bring, signal)).toBe('made');
    expect(Date.now()).toBeGreaterThanOrEqual(died.aliveUntil);
  });

  test('is not waited for when the time is up', async () => {
    const artifact = wanted();
    const first = await begin(artifact);
    const time = new AbortController();
    const waiting = bringOnce(artifact, vi.fn(), time.signal);
    time.abort();
    await expect(waiting).rejects.toMatchObject({
      code: 'PARAMS_UNAVAILABLE',
      message: expect.stringContaining('on its way'),
    });
    first.finish();
    await first.outcome;
  });
});
