/*
 * tumblerd, the thumbnail service of Thunar and PCManFM, makes thumbnails of .prnn files.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { it } from 'node:test';
import sharp from 'sharp';
import { compress } from '#pixrnn/index.js';
import { blobs } from '../../fixtures/draw.js';
import { needsProgram } from '../needs.js';

const ROOT = join(import.meta.dirname, '../../..');
const SERVICE = '/usr/share/dbus-1/services/org.xfce.Tumbler.Thumbnailer1.service';
const NAME = 'org.freedesktop.thumbnails.Thumbnailer1';
const skip =
  (!existsSync(SERVICE) && 'tumbler is not installed') ||
  needsProgram('setsid', '--version') ||
  needsProgram('dbus-run-session', '--version') ||
  needsProgram('gdbus', 'help') ||
  needsProgram('update-mime-database', '-v');

/**
 * Requests a thumbnail on a new session bus and waits up to two minutes for it. tumblerd lowers its priority, so that next to
 * other tests it may have to wait for a processor: root gives it the usual priority, and the number states its type, because
 * gdbus asks the service for that and waits only three seconds.
 */
const QUEUE = `
set -e
trap 'kill $!' EXIT
while sleep 0.5; do renice --priority 0 --pgrp $PPID || true; done &
gdbus call --timeout 120 --session --dest ${NAME} --object-path /${NAME.replaceAll('.', '/')} --method ${NAME}.Queue \\
  "['$1']" "['image/x-prnn']" normal default "uint32 0"
for _ in $(seq 240); do
  sleep 0.5
  [ -z "$(find "$2" -name '*.png')" ] || exit 0
done`;

it('makes a thumbnail over D-Bus', { skip }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pixrnn-tumbler-'));
  try {
    const [data, cache] = [join(folder, 'data'), join(folder, 'cache')];
    const env = { ...process.env, XDG_DATA_HOME: data, XDG_CACHE_HOME: cache };
    mkdirSync(cache);
    execFileSync('sh', [join(ROOT, 'scripts/install-desktop.sh')], { env, stdio: 'pipe' });
    const image = join(folder, 'a picture.prnn');
    writeFileSync(image, (await compress(blobs({ width: 300, height: 200, channels: 3 }), { effort: 1 })).bytes);
    const words = ['--', 'sh', '-c', QUEUE, 'sh', pathToFileURL(image).href, cache];
    // Linux may schedule each session as a group (autogroup): tumblerd then need not compete with the other tests.
    execFileSync('setsid', ['--wait', 'dbus-run-session', ...words], { env, stdio: 'pipe' });
    const thumbnails = join(cache, 'thumbnails/normal');
    const [thumbnail = 'none', ...others] = readdirSync(thumbnails);
    assert.deepEqual(others, []);
    const { width, height } = await sharp(join(thumbnails, thumbnail)).metadata();
    assert.deepEqual([width, height], [128, 85]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
