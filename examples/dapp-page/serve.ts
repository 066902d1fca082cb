/** Serves the page, bundled anew whenever it is loaded. */
import { context } from 'esbuild';
import { BUNDLE } from './bundle.ts';

const PORT = 8080;

const bundling = await context(BUNDLE);
await bundling.serve({ host: '127.0.0.1', port: PORT, servedir: BUNDLE.outdir });
console.log(`http://127.0.0.1:${PORT}/`);
