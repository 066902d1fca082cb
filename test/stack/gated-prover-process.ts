/** What a gated prover runs: `gate-file prover arguments…`. The gate is open while the file exists. */
import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { framesOf, toFrame } from '../../core/prover/frames.ts';
import { askedFile, untilThere } from './gate.ts';

const [gate, prover, ...args] = z.tuple([z.string(), z.string()], z.string()).parse(process.argv.slice(2));
const request = z.looseObject({ op: z.string() });

const child = spawn(prover, args, { stdio: ['pipe', 'inherit', 'inherit'] });
child.on('exit', (code) => process.exit(code ?? 1));
for await (const message of framesOf(process.stdin)) {
  if (request.parse(message).op === 'prove' && !existsSync(gate)) {
    writeFileSync(askedFile(gate), '');
    await untilThere(gate);
  }
  child.stdin.write(toFrame(message));
}
child.stdin.end();
