/*
 * The desktop files: MIME type and magic, installed by the script.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { compress } from '#pixrnn/index.js';
import { blobs } from '../../fixtures/draw.js';
import { cameraFile } from '../codec/jpeg-files.js';
import { needsProgram } from '../needs.js';

const SCRIPT = join(import.meta.dirname, '../../../scripts/install-desktop.sh');
const skipFile = needsProgram('file', '--version');
const skipMime = needsProgram('update-mime-database', '-v');

describe('the desktop files', () => {
  let data: string;
  const install = (...args: string[]): string =>
    execFileSync('sh', [SCRIPT, ...args], {
      env: { ...process.env, XDG_DATA_HOME: data },
      encoding: 'utf8',
      stdio: 'pipe',
    });
  before(() => {
    data = mkdtempSync(join(tmpdir(), 'pixrnn-desktop-'));
    install();
  });
  after(() => rmSync(data, { recursive: true, force: true }));

  const described = (bytes: Uint8Array, ...options: string[]): string => {
    const path = join(data, 'image');
    writeFileSync(path, bytes);
    const args = ['--brief', ...options, '--magic-file', join(data, 'pixrnn/magic'), path];
    return execFileSync('file', args, { encoding: 'utf8' }).trim();
  };

  it('describe files to file(1)', { skip: skipFile }, async () => {
    const { bytes } = await compress(blobs({ width: 40, height: 30, channels: 3 }), { effort: 1 });
    assert.match(described(bytes), /^pixrnn image, draft \d+, coded samples$/);
    assert.match(described((await compress(await cameraFile())).bytes), /^pixrnn image, draft \d+, coded JPEG file$/);
    assert.equal(described(bytes, '--mime-type'), 'image/x-prnn');
    assert.doesNotMatch(described(Uint8Array.of(0x8f, 0x71, 0, 0)), /pixrnn/);
  });

  it('name the MIME type of the extension and of the first bytes', { skip: skipMime }, () => {
    const globs = readFileSync(join(data, 'mime/globs2'), 'utf8');
    assert.match(globs, /^50:image\/x-prnn:\*\.prnn$/m);
    assert.ok(readFileSync(join(data, 'mime/magic')).includes('image/x-prnn'));
  });

  it('are removed', () => {
    install('--remove');
    assert.ok(!existsSync(join(data, 'mime/packages/prnn.xml')));
    assert.ok(!existsSync(join(data, 'pixrnn/magic')));
  });
});
