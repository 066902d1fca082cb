/** `npm run licences`: writes down what is shipped of others, and under which licences. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PROJECT } from '../local/paths.ts';
import { cargoDependencies } from './cargo.ts';
import { licencesPage } from './licences.ts';
import { npmDependencies } from './npm.ts';

await writeFile(join(PROJECT, 'docs/licences.md'), licencesPage(await npmDependencies(), await cargoDependencies()));
