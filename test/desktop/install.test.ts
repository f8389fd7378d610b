/*
 * The desktop files: MIME type and magic, installed by the script.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import sharp from 'sharp';
import { compress } from '#pixrnn/index.js';
import { blobs } from '../../fixtures/draw.js';
import { cameraFile } from '../codec/jpeg-files.js';
import { needsProgram } from '../needs.js';

const SCRIPT = join(import.meta.dirname, '../../../scripts/install-desktop.sh');
const skipFile = needsProgram('file', '--version');
const skipMime = needsProgram('update-mime-database', '-v');

/** Returns the fields of a desktop entry. */
function fieldsOf(entry: string): Partial<Record<string, string>> {
  return Object.fromEntries(entry.split('\n').map((line) => [line.replace(/=.*/, ''), line.replace(/^[^=]*=/, '')]));
}

describe('the desktop files', { skip: needsProgram('sh', '-c', '') }, () => {
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
    assert.match(described(bytes), /^pixrnn image, version 1, coded samples$/);
    assert.match(described((await compress(await cameraFile())).bytes), /^pixrnn image, version 1, coded JPEG file$/);
    assert.equal(described(bytes, '--mime-type'), 'image/x-prnn');
    assert.doesNotMatch(described(Uint8Array.of(0x8f, 0x71, 0, 0)), /pixrnn/);
  });

  it('name the MIME type of the extension and of the first bytes', { skip: skipMime }, () => {
    const globs = readFileSync(join(data, 'mime/globs2'), 'utf8');
    assert.match(globs, /^50:image\/x-prnn:\*\.prnn$/m);
    assert.ok(readFileSync(join(data, 'mime/magic')).includes('image/x-prnn'));
  });

  it('name a thumbnailer that file managers can run', async () => {
    const entry = readFileSync(join(data, 'thumbnailers/prnn.thumbnailer'), 'utf8');
    const { TryExec: program = '', Exec: command = '', MimeType: types } = fieldsOf(entry);
    assert.equal(types, 'image/x-prnn;');
    accessSync(program, constants.X_OK);
    const image = join(data, 'a picture.prnn');
    const output = join(data, 'thumb nail.png');
    writeFileSync(image, (await compress(blobs({ width: 400, height: 30 }), { effort: 1, preview: true })).bytes);
    writeFileSync(output, ''); // file managers create the file
    const values: Readonly<Record<string, string>> = { s: '128', i: image, o: output };
    // The program's path is the only quoted argument.
    const words = [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
    const [first = '', ...rest] = words.map((word) => word.replace(/^%([sio])$/, (_, code: string) => values[code]!));
    assert.equal(first, program);
    const environment = { PATH: '/usr/bin:/bin' }; // of a session, without that of a shell
    execFileSync(first, rest, { env: environment, stdio: 'pipe' });
    const { format, width } = await sharp(output).metadata();
    assert.deepEqual([format, width], ['png', 128]);
  });

  it('name the MIME type of a file to desktops', { skip: needsProgram('xdg-mime', '--version') || skipMime }, () => {
    const image = join(data, 'photo.prnn');
    writeFileSync(image, Uint8Array.of(0x8f, 0x70));
    const found = execFileSync('xdg-mime', ['query', 'filetype', image], {
      env: { ...process.env, XDG_DATA_HOME: data, XDG_DATA_DIRS: '/usr/share', HOME: data },
      encoding: 'utf8',
    });
    assert.equal(found.trim(), 'image/x-prnn');
  });

  it('are removed', () => {
    install('--remove');
    assert.ok(!existsSync(join(data, 'mime/packages/prnn.xml')));
    assert.ok(!existsSync(join(data, 'pixrnn/magic')));
    assert.ok(!existsSync(join(data, 'thumbnailers/prnn.thumbnailer')));
  });
});
