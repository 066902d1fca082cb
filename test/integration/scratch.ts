/** Import it before anything from core/ or functions/: it points their environment at resources of this test's own. */
import { inject } from 'vitest';
import { createScratch } from '../stack/scratch-aws.ts';

await createScratch(inject('awsEndpoint'));
process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';
