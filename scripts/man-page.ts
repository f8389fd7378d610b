/** Generates man/pixrnn.1 from the command definitions: `npm run man-page`. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dateOf, manPage } from './man-page-text.js';

const PATH = join(import.meta.dirname, '../../man/pixrnn.1');

const before = existsSync(PATH) ? readFileSync(PATH, 'utf8') : '';
// The date is that of the last change.
const unchanged = before !== '' && manPage(dateOf(before)) === before;
if (!unchanged) {
  mkdirSync(join(PATH, '..'), { recursive: true });
  writeFileSync(PATH, manPage(new Date().toLocaleDateString('en-US', { dateStyle: 'long', timeZone: 'UTC' })));
}
process.stderr.write(`man/pixrnn.1: ${unchanged ? 'unchanged' : 'written'}\n`);
