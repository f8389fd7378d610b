import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import sharp from 'sharp';
import type { JpegComponent } from '#pixrnn/jpeg/coefficients.js';
import { assertRebuilds } from './rebuild.js';
import { type Synthetic, syntheticFile, synthetics } from './synthetic.js';

test('any sampling, script, restart interval and precision is rebuilt, with its coefficients', () => {
  fc.assert(
    fc.property(synthetics, (synthetic) => {
      const { image } = assertRebuilds(syntheticFile(synthetic));
      assert.equal(image.precision, synthetic.frame.precision);
      image.components.forEach((component, i) => {
        assert.deepEqual(visible(component), visible(synthetic.image.components[i]!));
      });
    }),
    { numRuns: 300, seed: 1 },
  );
});

test('sharp decodes synthetic files, whatever their restart interval', async () => {
  const samples = fc.sample(
    synthetics.filter(({ frame }) => isDecodable(frame)),
    { numRuns: 60, seed: 2 },
  );
  for (const synthetic of samples) {
    const [plain, restarting] = await Promise.all(
      [0, 3].map((restartInterval) => pixelsOf({ ...synthetic, restartInterval })),
    );
    assert.equal(Buffer.compare(plain!, restarting!), 0);
  }
});

/** Returns whether sharp decodes such frames: 8 bits, at most 10 blocks in an MCU, integer ratios of sampling factors. */
function isDecodable({ precision, components }: Synthetic['frame']): boolean {
  const blocks = components.reduce((sum, { horizontal, vertical }) => sum + horizontal * vertical, 0);
  const dividesMax = (factors: number[]): boolean => factors.every((factor) => Math.max(...factors) % factor === 0);
  return (
    precision === 8 &&
    blocks <= 10 &&
    components.length !== 2 &&
    dividesMax(components.map(({ horizontal }) => horizontal)) &&
    dividesMax(components.map(({ vertical }) => vertical))
  );
}

async function pixelsOf(synthetic: Synthetic): Promise<Buffer> {
  return sharp(syntheticFile(synthetic), { failOn: 'none' }).raw().toBuffer();
}

/** Returns the coefficients of the blocks that contain image samples. */
function visible({ coefficients, blocksWide, visibleWide, visibleHigh }: JpegComponent): number[] {
  return Array.from({ length: visibleHigh }, (_, y) => {
    return Array.from(coefficients.subarray(y * blocksWide * 64, (y * blocksWide + visibleWide) * 64));
  }).flat();
}
