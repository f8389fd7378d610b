import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { readCovering } from '../../fixtures/covering-cases.js';
import { goldenOf } from '../../fixtures/golden.js';
import { BROWSERS } from '../web/browsers.js';
import { WEBKIT } from '../web/webkit.js';
import { computeFiles, type FileHashes } from './findings.js';
import { findingsIn } from './golden-in-browser.js';

let files: FileHashes;
before(async () => {
  files = await computeFiles();
});

for (const browser of [...BROWSERS, WEBKIT]) {
  test(`encodes and decodes golden streams in ${browser.name}`, { skip: browser.skip }, async () => {
    const names = Object.keys(readCovering().cases);
    const found = await findingsIn(browser, names);
    assert.deepEqual(found.golden, goldenOf(names));
    assert.deepEqual(found.files, files);
  });
}
