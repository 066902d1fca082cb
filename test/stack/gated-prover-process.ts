/** What a gated prover runs: `gate-file prover arguments…`. The gate is open while the file exists. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, watch } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { framesOf, toFrame } from '../../core/prover/frames.ts';

const [gate, prover, ...args] = z.tuple([z.string(), z.string()], z.string()).parse(process.argv.slice(2));
const request = z.looseObject({ op: z.string() });

const child = spawn(prover, args, { stdio: ['pipe', 'inherit', 'inherit'] });
child.on('exit', (code) => process.exit(code ?? 1));
for await (const message of framesOf(process.stdin)) {
  if (request.parse(message).op === 'prove') await untilOpen();
  child.stdin.write(toFrame(message));
}
child.stdin.end();

async function untilOpen(): Promise<void> {
  const changes = watch(dirname(gate));
  while (!existsSync(gate)) await once(changes, 'change');
  changes.close();
}
