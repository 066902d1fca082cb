/** Whether circuits can be proved: those that every wallet needs, and a contract's. */
import { lacksScope } from '../../core/access/refusals.ts';
import { contractView } from '../../core/api/contracts.ts';
import { BUILT_IN_CIRCUITS, type BuiltInCircuit } from '../../core/circuits/builtin.ts';
import type { Deployment } from '../deployment.ts';
import { ask, findingIn, type Heard, isRefusedAs, parsed, reasonIn } from './ask.ts';
import { bad, type Finding, good, skipped } from './finding.ts';

export const lookAtBuiltInCircuits = (deployment: Deployment, signal: AbortSignal): Promise<Finding[]> =>
  Promise.all(BUILT_IN_CIRCUITS.map((circuit) => lookAtBuiltIn(deployment, circuit, signal)));

/** Has an empty proof verified, which needs the circuit's keys and costs next to nothing. */
function lookAtBuiltIn(deployment: Deployment, { name, k }: BuiltInCircuit, signal: AbortSignal): Promise<Finding> {
  const asked = ask(deployment, '/v1/verify', { json: { circuit: name, proof: '', statement: [] }, signal });
  return findingIn(name, asked, (heard) => {
    if (heard.status === 200) return good(name, `can be proved (k=${k})`);
    if (isRefusedAs(lacksScope('verify'), heard)) return skipped(name, 'this API key has no scope verify');
    return bad(name, reasonIn(heard), `Have its parameters brought: nightshift params fetch --k ${k}`);
  });
}

export const lookAtContract = (deployment: Deployment, id: string, signal: AbortSignal): Promise<Finding> =>
  findingIn(CONTRACT, ask(deployment, `/v1/contracts/${encodeURIComponent(id)}`, { signal }), contractFinding);

const CONTRACT = 'contract';

function contractFinding(heard: Heard): Finding {
  const contract = parsed(contractView, heard);
  if (!contract) return bad(CONTRACT, reasonIn(heard), 'Register it: nightshift push; it prints the id.');
  const circuits = Object.entries(contract.circuits);
  const failed = circuits.flatMap(([name, { error }]) => (error ? `${name}: ${error.code}: ${error.message}` : []));
  if (failed.length > 0) return bad(CONTRACT, failed.join('; '), 'Push it again once that is mended.');
  const building = circuits.flatMap(([name, { state }]) => (state === 'building' ? name : []));
  if (building.length > 0) {
    const advice = 'Wait: its jobs are taken, and begin when the keys are there.';
    return bad(CONTRACT, `keys are being derived: ${building.join(', ')}`, advice);
  }
  const found = `${circuits.length} of ${circuits.length} circuits can be proved`;
  return good(CONTRACT, contract.warning ? `${found}. ${contract.warning}` : found);
}
