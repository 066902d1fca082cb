import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { DAPP_ORIGIN, type Site } from './site.ts';

const EXECUTABLE = process.env.CHROMIUM ?? '/usr/bin/chromium';

/**
 * @param dApp is what this browser finds at `DAPP_ORIGIN`.
 * @throws if there is none; the message says how to get one.
 */
export async function launchChromium(dApp: Site): Promise<Browser> {
  if (!existsSync(EXECUTABLE)) {
    const how = 'On Debian: apt-get install chromium. Elsewhere, name one in the environment variable CHROMIUM';
    throw new Error(`This test needs Chromium, and there is none at ${EXECUTABLE}. ${how}.`);
  }
  const args = [
    `--host-resolver-rules=MAP ${new URL(DAPP_ORIGIN).host} ${new URL(dApp.url).host}`,
    // It stands for a site of HTTPS, whose pages have cryptography.
    `--unsafely-treat-insecure-origin-as-secure=${DAPP_ORIGIN}`,
  ];
  // As root, as in most containers, Chromium has no sandbox.
  if (process.getuid?.() === 0) args.push('--no-sandbox');
  return chromium.launch({ executablePath: EXECUTABLE, args });
}
