import { SITE } from './build-site.js';
import { serve } from './static-server.js';

/* Serves the page: `npm run web`. PORT chooses another port. */
const { url } = await serve(SITE, { port: Number(process.env['PORT'] ?? 8080) });
console.log(`The page is at ${url}`);
