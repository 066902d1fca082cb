/**
 * `npm run smoke -- URL`: has a deployment prove Midnight's own circuits. Of these, zswap/spend (k=15) takes public
 * parameters that the deployment has to download. The API key is NIGHTSHIFT_API_KEY.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { PROJECT } from '../../local/paths.ts';

const PREIMAGES = {
  'midnight/dust/spend': 'dust-spend',
  'midnight/zswap/output': 'zswap-output-user',
  'midnight/zswap/spend': 'zswap-spend-user-1',
};

const jobView = z.object({
  state: z.string(),
  k: z.int(),
  lane: z.string(),
  endedAt: z.string().optional(),
  timings: z.record(z.string(), z.number()).optional(),
  error: z.object({ code: z.string(), message: z.string() }).optional(),
  links: z.object({ self: z.string() }),
});
const refusal = z.object({ code: z.string(), detail: z.string() });

const [given] = process.argv.slice(2);
if (!given || !URL.canParse(given)) {
  console.error('Which deployment? npm run smoke -- https://…');
  process.exit(2);
}
const url = given.replace(/\/$/, '');
const headers = { 'x-api-key': process.env.NIGHTSHIFT_API_KEY ?? '' };

let failed = 0;
for (const [circuit, file] of Object.entries(PREIMAGES)) {
  const outcome = await prove(circuit, join(PROJECT, `test/data/preimages/${file}.preimage.bin`)).catch(
    (error: Error) => `✗ ${error.message}`,
  );
  console.log(`${circuit} ${outcome}`);
  if (outcome.startsWith('✗')) failed++;
}
process.exit(failed > 0 ? 1 : 0);

async function prove(circuit: string, file: string): Promise<string> {
  const preimage = (await readFile(file)).toString('base64');
  const submitted = await fetch(`${url}/v1/jobs`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ circuit, preimage }),
  });
  const answer = await submitted.json();
  if (!submitted.ok) {
    const { code, detail } = refusal.parse(answer);
    return `✗ ${code}: ${detail}`;
  }
  let job = jobView.parse(answer);
  while (!job.endedAt) job = jobView.parse(await (await fetch(`${url}${job.links.self}?wait=25`, { headers })).json());
  const { state, k, lane, timings, error } = job;
  return error ? `✗ ${error.code}: ${error.message}` : `✓ ${state}, k=${k}, lane ${lane}, ${JSON.stringify(timings)}`;
}
