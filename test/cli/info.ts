import type { Info } from '../../core/api/info.ts';
import { VERSION } from '../../core/version.ts';

/** What a deployment of this version says of itself. */
export const info: Info = {
  name: 'nightshift',
  tenant: 'local',
  version: VERSION,
  compatibleWith: { 'midnight-proof-server': '8.1.0' },
  proofVersions: ['V2'],
  zkirVersions: ['v2'],
  largestK: 19,
  maxBodyBytes: 1000,
  developmentParameters: false,
};
