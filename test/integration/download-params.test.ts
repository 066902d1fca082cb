import './scratch.ts';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { paramsBytes, paramsFor } from '../../core/circuits/params.ts';
import { DOWNLOAD_RETRIES } from '../../core/limits.ts';
import { nativeProver } from '../../core/prover/native-prover.ts';
import { deleteObject, getObject, uploadStream } from '../../core/store/objects.ts';
import { download } from '../../functions/prefetch/download.ts';
import { downloadParams } from '../../functions/prefetch/parameter-source.ts';
import { type Behaviour, type ParameterSource, serve, startParameterSource } from '../stack/parameter-source.ts';

vi.mock('../../core/limits.ts', async (original) => ({
  ...(await original<typeof import('../../core/limits.ts')>()),
  DOWNLOAD_IDLE_SECONDS: 0.3,
  DOWNLOAD_PAUSE_MS: 20,
}));

/** 786,820 bytes: a file of several chunks, which the prover derives in a moment. */
const K = 12;
const { object } = paramsFor(K);
const HALF = 400_000;

let file: Buffer;
let source: ParameterSource | undefined;

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'nightshift-params-'));
  await nativeProver().ask('params', { k: K, path: join(folder, 'params') });
  file = await readFile(join(folder, 'params'));
  await rm(folder, { recursive: true });
  expect(file.length).toBe(paramsBytes(K));
});
afterAll(() => nativeProver().stop());
afterEach(async () => {
  await source?.close();
  await deleteObject(object);
});

async function downloadFrom(behaviour: Behaviour, signal = new AbortController().signal): Promise<void> {
  source = await startParameterSource(behaviour);
  await downloadParams(K, signal);
}

const stored = async () => Buffer.from((await getObject(object)) ?? []);
const ranges = () => source?.requests.map(({ headers }) => headers.range);

async function expectRefusal(behaviour: Behaviour, reason: RegExp, requests: number): Promise<void> {
  const download = downloadFrom(behaviour);
  await expect(download).rejects.toMatchObject({ code: 'PARAMS_UNAVAILABLE', message: expect.stringMatching(reason) });
  expect(source?.requests).toHaveLength(requests);
  expect(await getObject(object)).toBeUndefined();
}

describe('the file is stored whole, from a source that', () => {
  afterEach(async () => expect((await stored()).equals(file)).toBe(true));

  test('serves it', async () => {
    await downloadFrom((request, response) => serve(request, response, { file }));
    expect(source?.requests[0]).toMatchObject({
      url: '/bls_midnight_2p12',
      headers: { 'accept-encoding': 'identity' },
    });
  });

  test('says no size', async () => {
    await downloadFrom((request, response) => serve(request, response, { file, length: false }));
  });

  test('breaks off: what is missing is asked for, of the same version', async () => {
    const etag = '"v1"';
    await downloadFrom((request, response, nth) =>
      serve(request, response, { file, etag, ...(nth < 4 && { bytes: 200_000, ending: 'break' }) }),
    );
    const asked = ranges() ?? [];
    expect(asked[0]).toBeUndefined();
    expect(asked.length).toBe(4);
    const starts = asked.slice(1).map((range) => Number(range?.match(/^bytes=(\d+)-$/)?.[1]));
    expect(starts.every((start, index) => start > (starts[index - 1] ?? 0) && start <= 600_000)).toBe(true);
    expect(source?.requests.slice(1).every(({ headers }) => headers['if-range'] === etag)).toBe(true);
  });

  test('breaks off and knows no ranges', async () => {
    await downloadFrom((request, response, nth) =>
      serve(request, response, { file, ranges: false, ...(nth < 3 && { bytes: HALF, ending: 'break' }) }),
    );
    expect(source?.requests).toHaveLength(3);
  });

  test('comes to a halt in the middle', async () => {
    await downloadFrom((request, response, nth) =>
      serve(request, response, { file, ...(nth < 2 && { bytes: HALF, ending: 'halt' }) }),
    );
    expect(ranges()).toEqual([undefined, `bytes=${HALF}-`]);
  });

  test('is slow, but never silent for long', async () => {
    await downloadFrom(async (_, response) => {
      response.writeHead(200, { 'content-length': file.length });
      for (let at = 0; at < file.length; at += HALF / 2) {
        response.write(file.subarray(at, at + HALF / 2));
        // Slowness is what is tested here: all of it takes twice as long as silence may.
        await delay(150);
      }
      response.end();
    });
    expect(source?.requests).toHaveLength(1);
  });

  test.each([408, 429, 500, 503])('answers %i at first', async (status) => {
    await downloadFrom((request, response, nth) =>
      nth < 3 ? response.writeHead(status).end('later') : serve(request, response, { file }),
    );
    expect(source?.requests).toHaveLength(3);
  });
});

test('a file of several parts that turns out to be another one at its end is not stored', async () => {
  const [bytes, sha256] = [12 * 2 ** 20, '0'.repeat(64)];
  const junk = randomBytes(bytes);
  source = await startParameterSource((request, response) => serve(request, response, { file: junk }));
  const stream = download(new URL(source.url), { sha256, bytes }, new AbortController().signal);
  await expect(uploadStream(object, stream)).rejects.toThrow(`and should have ${sha256}`);
  expect(await getObject(object)).toBeUndefined();
});

describe('nothing is stored, and the reason is told, if the source', () => {
  test('has other bytes', async () => {
    const junk = randomBytes(file.length);
    const reason = new RegExp(
      `^The public parameters for k=12 could not be had from http://127\\.0\\.0\\.1:\\d+: .* SHA-256 [0-9a-f]{64}, and should have ${paramsFor(K).sha256}\\. Ask again .* MIDNIGHT_PARAM_SOURCE .* params/bls_midnight_2p12\\.$`,
    );
    await expectRefusal((request, response) => serve(request, response, { file: junk }), reason, 1);
  });

  test.each([
    ['longer', 1, true, /it has 786821 bytes, and should have 786820/],
    ['longer, without saying so', 1, false, /it has more than the 786820 bytes/],
    ['shorter', -1, true, /it has 786819 bytes, and should have 786820/],
  ])('has a %s file', async (_, more, length, reason) => {
    const other = Buffer.concat([file, Buffer.of(0)]).subarray(0, file.length + more);
    await expectRefusal((request, response) => serve(request, response, { file: other, length }), reason, 1);
  });

  test('never gets further than half', async () => {
    const half = file.subarray(0, HALF);
    const behaviour: Behaviour = (request, response) =>
      serve(request, response, { file: half, ranges: false, length: false });
    await expectRefusal(behaviour, /it broke off after 400000 of 786820 bytes/, 1 + DOWNLOAD_RETRIES);
  });

  test('replaces the file in between', async () => {
    await expectRefusal(
      (request, response, nth) =>
        serve(request, response, { file, etag: `"v${nth}"`, ...(nth < 2 && { bytes: HALF, ending: 'break' }) }),
      /replaced by another while it came/,
      2,
    );
  });

  test('answers another range', async () => {
    await expectRefusal(
      (request, response, nth) =>
        nth < 2
          ? serve(request, response, { file, bytes: HALF, ending: 'break' })
          : response.writeHead(206, { 'content-range': `bytes 7-${file.length - 1}/${file.length}` }).end(),
      /another range/,
      2,
    );
  });

  test.each([
    [404, 1],
    [403, 1],
    [503, 1 + DOWNLOAD_RETRIES],
  ])('answers %i', async (status, requests) => {
    await expectRefusal(
      (_, response) => response.writeHead(status).end(),
      new RegExp(`it answered ${status}`),
      requests,
    );
  });

  test('keeps silent: it is asked once more', async () => {
    await expectRefusal(() => undefined, /nothing came for 0\.3 s/, 2);
  });

  test('is not there: that is found out soon', async () => {
    source = await startParameterSource(() => undefined);
    await source.close();
    const begun = performance.now();
    await expect(downloadParams(K, new AbortController().signal)).rejects.toMatchObject({
      code: 'PARAMS_UNAVAILABLE',
      message: expect.stringContaining('ECONNREFUSED'),
    });
    expect(performance.now() - begun).toBeLessThan(2000);
    source = undefined;
  });

  test('takes longer than there is time', async () => {
    const time = new AbortController();
    const behaviour: Behaviour = (request, response) => {
      serve(request, response, { file, bytes: HALF, ending: 'halt' });
      time.abort();
    };
    await expect(downloadFrom(behaviour, time.signal)).rejects.toMatchObject({
      code: 'PARAMS_UNAVAILABLE',
      message: expect.stringContaining('the time was up'),
    });
    expect(source?.requests).toHaveLength(1);
  });

  test('is named with a user and a password: it is not asked, and neither is told', async () => {
    source = await startParameterSource((request, response) => serve(request, response, { file }));
    process.env.MIDNIGHT_PARAM_SOURCE = source.url.replace('//', '//someone:hidden@');
    await expect(downloadParams(K, new AbortController().signal)).rejects.toMatchObject({
      code: 'PARAMS_UNAVAILABLE',
      message: 'MIDNIGHT_PARAM_SOURCE names a user: only public sources are read.',
    });
    expect(source.requests).toHaveLength(0);
  });
});
