/** A software bill of materials, as CycloneDX has it. */
import { v5 as uuid } from 'uuid';
import { VERSION } from '../core/version.ts';
import type { Dependency } from './dependency.ts';

/** @param name of what is made of them. */
export function sbomOf(name: string, dependencies: Dependency[]) {
  const components = dependencies.map(({ name, version, licence, purl, hash }) => ({
    type: 'library',
    'bom-ref': purl,
    name,
    version,
    purl,
    licenses: [{ expression: licence }],
    ...(hash && { hashes: [hash] }),
  }));
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.5.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    // The same materials, the same bill.
    serialNumber: `urn:uuid:${uuid(JSON.stringify([name, VERSION, components]), uuid.URL)}`,
    version: 1,
    metadata: { component: { type: 'application', 'bom-ref': name, name, version: VERSION } },
    components,
  };
}
