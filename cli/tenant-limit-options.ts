/** How limits of a tenant are given on the command line. */
import type { TenantLimits } from '../core/tenant-limits.ts';

/** In a limit's place: the deployment's is to hold again. */
export const AS_DEPLOYED = 'default';

export const limitOption = (limit: keyof TenantLimits): string =>
  `--${limit.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
