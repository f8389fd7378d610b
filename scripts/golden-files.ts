/**
 * Writes the golden cases of at most 1,024 pixels and all golden files to a folder, as input of the reference decoder
 * (docs/REFERENCE.md).
 *
 * Usage: golden-files FOLDER [PATTERN], the pattern being a regular expression for names of cases
 */
import { pixelsOf, writeCaseFiles } from '../fixtures/case-files.js';

const [folder, pattern = ''] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: golden-files FOLDER [PATTERN]');
const matches = new RegExp(pattern);
const cases = await writeCaseFiles(folder, (name) => pixelsOf(name) <= 1024 && matches.test(name));
console.log(`${cases.length} cases written to ${folder}`);
