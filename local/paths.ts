/** Where the local stack finds and keeps things in the checkout. */
import { join } from 'node:path';

export const PROJECT = join(import.meta.dirname, '..');

/** Everything the local stack writes. Ignored by git; may be deleted whenever nothing runs. */
export const STATE_ROOT = join(PROJECT, '.nightshift');

/** Executables of the installed npm packages, among them the Node that functions run on. */
export const NPM_BIN = join(PROJECT, 'node_modules', '.bin');
