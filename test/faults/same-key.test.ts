import '../integration/scratch.ts';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { LOCAL_TENANT } from '../../core/access/tenant.ts';
import { readOccupancy } from '../../core/jobs/lane-counts.ts';
import { type Answer, ask } from '../stack/ask.ts';
import { messagesIn } from '../stack/deliver.ts';
import { duration, figure } from './figure.ts';

const preimage = await readFile('test/data/preimages/dust-spend.preimage.bin', 'base64');
const FORM = { circuit: 'midnight/dust/spend', preimage };

const submit = (key: string, body: object = FORM) =>
  ask('POST', '/v1/jobs', { body, headers: { 'Idempotency-Key': key } });
const idOf = ({ body }: Answer) => body.id as string;

test('1: of fifty equal requests with one key, at once, come one job and one message', async () => {
  const { pending } = await readOccupancy();
  const key = randomUUID();
  const begun = performance.now();
  const answers = await Promise.all(Array.from({ length: 50 }, () => submit(key)));
  const tookMs = performance.now() - begun;
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
  const [id, ...others] = new Set(answers.map(idOf));
  expect(others).toEqual([]);
  expect(answers.filter(({ headers }) => headers['idempotent-replayed'] !== 'true')).toHaveLength(1);
  expect((await readOccupancy()).pending).toBe(pending + 1);
  const messages = await messagesIn('medium');
  expect(messages).toEqual([{ message: { version: 1, jobId: id }, group: LOCAL_TENANT }]);
  figure(1, { requests: answers.length, jobs: 1, messages: messages.length, 'in all': duration(tookMs) });
});

test('2: the same key with another request is a conflict, and nothing comes of it', async () => {
  const key = randomUUID();
  await submit(key);
  const { pending } = await readOccupancy();
  const others = [
    { ...FORM, bindingInput: '7' },
    { ...FORM, labels: { a: 'b' } },
  ];
  for (const other of others) {
    expect(await submit(key, other)).toMatchObject({ status: 409, body: { code: 'CONFLICT' } });
  }
  expect((await readOccupancy()).pending).toBe(pending);
  figure(2, { refused: others.length, 'further jobs': 0 });
});
