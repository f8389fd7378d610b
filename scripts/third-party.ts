/** Writes THIRD-PARTY.md (`npm run third-party`). */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import { thirdPartyText } from './third-party-text.js';

const file = join(import.meta.dirname, '../../THIRD-PARTY.md');
writeFileSync(file, await format(await thirdPartyText(), { parser: 'markdown', printWidth: 120 }));
