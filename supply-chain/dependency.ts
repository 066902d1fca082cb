/** Something of somebody else's that is shipped. */
export interface Dependency {
  name: string;
  version: string;
  /** An SPDX expression. */
  licence: string;
  /** Its package URL. */
  purl: string;
  /** Of what was downloaded, as the lock file has it. */
  hash?: { alg: 'SHA-256' | 'SHA-512'; content: string };
}

export const byName = (a: Dependency, b: Dependency): number =>
  a.name.localeCompare(b.name, 'en') || a.version.localeCompare(b.version, 'en', { numeric: true });
