/** A process that starts the emulated AWS in the state folder it is given, says where, and waits to be killed. */
import { installEmulator, startEmulator } from '../../local/emulator.ts';

const [stateDir] = process.argv.slice(2);
if (!stateDir) throw new Error('name a state folder');
const { signal } = new AbortController();
const { endpoint, group } = await startEmulator(await installEmulator(() => {}, signal), stateDir, signal);
console.log(JSON.stringify({ endpoint, group }));
