/** `npm run sbom`: writes the bills of materials of what is deployed, for scanners and for the records. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PROJECT } from '../local/paths.ts';
import { cargoDependencies } from './cargo.ts';
import { npmDependencies } from './npm.ts';
import { sbomOf } from './sbom.ts';

const directory = join(PROJECT, 'dist/sbom');
await mkdir(directory, { recursive: true });
for (const bill of [
  sbomOf('nightshift', await npmDependencies()),
  sbomOf('nightshift-prover', await cargoDependencies()),
]) {
  const file = join(directory, `${bill.metadata.component.name}.cdx.json`);
  await writeFile(file, `${JSON.stringify(bill, null, 2)}\n`);
  console.log(`${file}: ${bill.components.length} components`);
}
