/**
 * `npm start` and `npm test` on a fresh clone: installs what package-lock.json says, then hands over to the script named
 * by the first argument, on the Node that was installed. Plain JavaScript without dependencies, because at this point
 * there may be neither.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';

const project = join(import.meta.dirname, '..');
const node = join(project, 'node_modules', '.bin', 'node');

if (!isInstalled()) install();
handOver();

/** Whether npm's own record of what it installed agrees with package-lock.json. */
function isInstalled() {
  const record = join(project, 'node_modules', '.package-lock.json');
  if (!existsSync(record) || !existsSync(node)) return false;
  const installed = readPackages(record);
  return Object.entries(readPackages(join(project, 'package-lock.json'))).every(
    ([path, { version, optional }]) => path === '' || optional || installed[path]?.version === version,
  );
}

function readPackages(lockFile) {
  return JSON.parse(readFileSync(lockFile, 'utf8')).packages;
}

function install() {
  console.error('Installing npm packages …');
  const { status, error } = spawnSync('npm', ['ci', '--loglevel=error'], { cwd: project, stdio: 'inherit' });
  if (status === 0) return;
  console.error(`✗ NPM_FAILED: npm ci did not finish${error ? ` (${error.message})` : ''}. Its output is above.`);
  process.exit(1);
}

function handOver() {
  const [script, ...args] = process.argv.slice(2);
  const path = [join(project, 'node_modules', '.bin'), process.env.PATH].join(delimiter);
  const child = spawn(node, [join(project, script), ...args], {
    cwd: project,
    stdio: 'inherit',
    env: { ...process.env, PATH: path },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  // A killed npm can't pass its end on; without this the stack would stay behind.
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), 1000).unref();
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}
