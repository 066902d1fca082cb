/** What a faulty prover runs: `switch-file prover arguments…`. While the file exists, one bit of every proof is wrong. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { z } from 'zod';
import { framesOf, toFrame } from '../../core/prover/frames.ts';

const [faulty, prover, ...args] = z.tuple([z.string(), z.string()], z.string()).parse(process.argv.slice(2));
const withProof = z.looseObject({ ok: z.looseObject({ proof: z.instanceof(Uint8Array) }) });

const child = spawn(prover, args, { stdio: ['inherit', 'pipe', 'inherit'] });
child.on('exit', (code) => process.exit(code ?? 1));
for await (const message of framesOf(child.stdout)) {
  const { data } = withProof.safeParse(message);
  if (data && existsSync(faulty)) flipBit(data.ok.proof);
  process.stdout.write(toFrame(data ?? message));
}

/** In the middle, where the proof is long since beyond its tag. */
function flipBit(proof: Uint8Array): void {
  const middle = proof.length >> 1;
  proof[middle] = (proof[middle] as number) ^ 1;
}
