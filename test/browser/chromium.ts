import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const EXECUTABLE = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** @throws if there is none; the message says how to get one. */
export async function launchChromium(): Promise<Browser> {
  if (!existsSync(EXECUTABLE)) {
    const how = 'On Debian: apt-get install chromium. Elsewhere, name one in the environment variable CHROMIUM';
    throw new Error(`This test needs Chromium, and there is none at ${EXECUTABLE}. ${how}.`);
  }
  // As root, as in most containers, Chromium has no sandbox.
  return chromium.launch({ executablePath: EXECUTABLE, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
}
