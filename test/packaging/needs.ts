/** What these tests take of the machine, besides what all tests take. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe } from 'vitest';

const PACKAGES = {
  'qemu-aarch64-static': 'qemu-user-static',
  'qemu-x86_64-static': 'qemu-user-static',
  buildah: 'buildah',
  debootstrap: 'debootstrap',
};
type Command = keyof typeof PACKAGES;

function lacking(commands: Command[]): string | undefined {
  const folders = process.env.PATH?.split(delimiter) ?? [];
  const missing = commands.filter((command) => !folders.some((folder) => existsSync(join(folder, command))));
  if (missing.length === 0) return undefined;
  return `needs ${missing.join(', ')}: on Debian, apt-get install ${[...new Set(missing.map((one) => PACKAGES[one]))].join(' ')}`;
}

/** Building roots and changing into them. */
const forbidden = () => (process.getuid?.() === 0 ? undefined : 'needs to run as root');

/** Tests that need these commands. Where they lack they are left out, and say so; not in CI, where they fail. */
export function describeWith(commands: Command[], name: string, tests: () => void): void {
  const reason = lacking(commands) ?? (commands.includes('buildah') ? forbidden() : undefined);
  const left = reason !== undefined && !process.env.CI;
  if (left) console.error(`Left out: ${name}. It ${reason}.`);
  describe.skipIf(left)(reason ? `${name} (${reason})` : name, tests);
}
