/** Midnight's own proof server, to be measured beside ours. It is not in a registry: who has built it names its executable. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { PROVER_CRATE } from '../infra/prover-executable.ts';
import { freePort } from '../local/free-port.ts';
import { keygen } from '../test/generator/native-prover.ts';

const ASSETS = join(PROVER_CRATE, 'assets');
const CIRCUITS = ['zswap/output', 'dust/spend'];
/** The folders of the keys are named by the ledger's generation, which differs between builds of one version. */
const GENERATIONS = ['8', '9'];
const POLL_MS = 100;

export interface ReferenceServer {
  url: string;
  stop(): Promise<void>;
}

/** Starts it offline, its keys at hand. */
export async function startReferenceServer(executable: string): Promise<ReferenceServer> {
  const folder = await mkdtemp(join(tmpdir(), 'nightshift-reference-'));
  await fillWithKeys(folder);
  const port = await freePort();
  const child = spawn(executable, ['--no-fetch-params', '--port', String(port)], {
    env: { ...process.env, MIDNIGHT_PP: folder },
    stdio: 'ignore',
  });
  await once(child, 'spawn');
  const url = `http://127.0.0.1:${port}`;
  while (!(await fetch(`${url}/health`).catch(() => undefined))?.ok) await delay(POLL_MS);
  return {
    url,
    async stop() {
      const exit = once(child, 'exit');
      child.kill();
      await exit;
      await rm(folder, { recursive: true });
    },
  };
}

async function fillWithKeys(folder: string): Promise<void> {
  await copyFile(join(ASSETS, 'bls_midnight_2p14'), join(folder, 'bls_midnight_2p14'));
  for (const circuit of CIRCUITS) {
    const [kind, name] = circuit.split('/') as [string, string];
    const [first, ...others] = GENERATIONS.map((generation) => join(folder, kind, generation)) as [string, ...string[]];
    const file = (ending: string) => join(first, `${name}.${ending}`);
    await mkdir(first, { recursive: true });
    await copyFile(join(ASSETS, 'midnight', `${circuit}.bzkir`), file('bzkir'));
    await keygen(file('bzkir'), { prover: file('prover'), verifier: file('verifier') });
    for (const other of others) await cp(first, other, { recursive: true });
  }
}
