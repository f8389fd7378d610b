import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PhotoFeatures } from '#pixrnn/engine/photo-features.js';
import type { Plain } from '../../fixtures/draw.js';
import { type PhotoSpec, headExtras, photoInputs, recordLayout } from '#pixrnn/model/photo.js';
import type { PhotoTiles } from '#pixrnn/train/networks/photo.js';
import type { TrainingImage } from '#pixrnn/train/dataset.js';
import { PhotoBatches } from '#pixrnn/train/photo-batches.js';
import { cutCrop, sectionsIn, tilesOf } from '#pixrnn/train/photo-crops.js';
import { ImageOrder, type Piece, pieceOf } from '#pixrnn/train/photo-pieces.js';
import { Random } from '#pixrnn/train/random.js';
import { DEFAULT_SETTINGS } from '#pixrnn/train/settings.js';
import { blobs, draw } from '../../fixtures/draw.js';

const CROP = 8;

const named = (raster: Plain, name: string): TrainingImage => ({ name, ...raster });
/** Gray, 16 x 16: each sample encodes its position. */
const map = named(
  draw({ width: 16, height: 16, channels: 1 }, (x, y) => 16 * y + x),
  'map',
);

/** Returns the samples of a crop of a gray piece. */
function samplesAt({ samples, width }: Piece, [left, top]: readonly [number, number]): number[] {
  return Array.from(
    { length: CROP * CROP },
    (_, i) => samples[(top + Math.floor(i / CROP)) * width + left + (i % CROP)] as number,
  );
}

describe('pieces of images', () => {
  const options = { seed: 3, crop: CROP, orientations: 8, channels: 1 };

  it('are the same for the same seed and number, and differ for others', () => {
    const pieces = Array.from({ length: 20 }, (_, n) => pieceOf(map, n, options));
    assert.deepEqual(
      pieces,
      Array.from({ length: 20 }, (_, n) => pieceOf(map, n, options)),
    );
    assert.ok(new Set(pieces.map((piece) => JSON.stringify(piece))).size > 15);
    const other = pieces.map((_, n) => pieceOf(map, n, { ...options, seed: 4 }));
    assert.notDeepEqual(other, pieces);
  });

  it('show every image once before any repeats, in a new order each time', () => {
    const images = ['1', '2', '3', '4', '5'].map((name) => ({ ...map, name }));
    const order = new ImageOrder(images, 3);
    const round = (n: number): string => images.map((_, i) => order.at(5 * n + i).name).join('');
    const rounds = Array.from({ length: 6 }, (_, n) => round(n));
    for (const names of rounds) assert.equal([...names].sort().join(''), '12345');
    assert.ok(new Set(rounds).size > 3);
    assert.equal(round(2), rounds[2], 'in the order of the numbers, not of the calls');
  });

  it('have eight orientations, and their crops cover the whole image', () => {
    const seen = new Set<number>();
    const orientations = new Set<string>();
    for (let n = 0; n < 60; n++) {
      const piece = pieceOf(map, n, options);
      assert.equal(piece.corners.length, 4);
      for (const corner of piece.corners) {
        const crop = samplesAt(piece, corner);
        // One step to the right and one down, in the image.
        const steps = [1, CROP].map((i) => (crop[i] as number) - (crop[0] as number)) as [number, number];
        orientations.add(steps.join());
        crop.forEach((value, i) => {
          const [x, y] = [i % CROP, Math.floor(i / CROP)];
          assert.equal(
            value,
            (crop[0] as number) + x * steps[0] + y * steps[1],
            'a crop is a square region of the image',
          );
          seen.add(value);
        });
      }
    }
    assert.deepEqual(
      [...orientations].sort(),
      ['-1,-16', '-1,16', '1,-16', '1,16', '-16,-1', '-16,1', '16,-1', '16,1'].sort(),
    );
    assert.equal(seen.size, 256);
  });

  it('have fewer orientations if requested', () => {
    const firstSteps = (orientations: number): string[] => {
      const pieces = Array.from({ length: 40 }, (_, n) => pieceOf(map, n, { ...options, orientations }).samples);
      return [...new Set(pieces.map((s) => [s[1]! - s[0]!, s[16]! - s[0]!].join()))].sort();
    };
    assert.deepEqual(firstSteps(1), ['1,16']);
    assert.deepEqual(firstSteps(2), ['-1,16', '1,16']);
    assert.deepEqual(firstSteps(4), ['-1,-16', '-1,16', '1,-16', '1,16']);
  });

  it('are cut anywhere from large images, and may be oblong', () => {
    const large = named(
      draw({ width: 300, height: 20, channels: 3 }, (x, _, c) => (c === 0 ? x & 255 : x >> 8)),
      '',
    );
    const leftEdges = new Set<number>();
    const sizes = new Set<string>();
    for (let n = 0; n < 60; n++) {
      const { samples, width, height, corners } = pieceOf(large, n, { ...options, channels: 3 });
      assert.equal(samples.length, width * height * 3);
      sizes.add(`${width}x${height}`);
      assert.equal(corners.length, 64);
      assert.ok(corners.every(([x, y]) => x >= 0 && y >= 0 && x + CROP <= width && y + CROP <= height));
      const columns = Array.from({ length: width * height }, (_, i) => {
        return (samples[3 * i] as number) + 256 * (samples[3 * i + 1] as number);
      });
      leftEdges.add(Math.min(...columns));
    }
    assert.deepEqual([...sizes].sort(), ['20x256', '256x20']);
    assert.ok(leftEdges.size > 20 && Math.max(...leftEdges) <= 44);
  });
});

describe('a crop', () => {
  for (const channels of [1, 3] as const) {
    it(`has the records of its pixels part by part, ${channels} channels`, () => {
      const layout = recordLayout({ channels });
      const [width, height, size] = [5, 4, 3];
      // Each number encodes its record and its index.
      const records = Float32Array.from({ length: width * height * layout.size }, (_, i) => i);
      const sections = sectionsIn(cutCrop(records, width, { channels }, [2, 1], size), { channels }, size * size);
      const shape = { batch: 1, height: size, width: size };
      const { inputs, extras: others, centres, values } = tilesOf(sections, { channels }, shape);
      for (let i = 0; i < size * size; i++) {
        const at = layout.size * ((1 + Math.floor(i / size)) * width + 2 + (i % size));
        const numbers = (from: number, length: number) => Array.from({ length }, (_, j) => at + from + j);
        const count = photoInputs({ channels });
        assert.deepEqual([...inputs.subarray(i * count, (i + 1) * count)], numbers(0, count));
        for (let c = 0; c < channels; c++) {
          const extras = (others[c] as Float32Array).subarray(
            i * headExtras({ channels }, c),
            (i + 1) * headExtras({ channels }, c),
          );
          const expected = [...numbers(layout.extras + 10 * c, 10), ...numbers(layout.conditions, 2 * c)];
          assert.deepEqual([...extras], expected);
          assert.equal(centres[c * size * size + i], at + layout.centres + c);
          assert.equal(values[c * size * size + i], at + layout.values + c);
        }
      }
    });
  }
});

describe('batches of crops', () => {
  const images = [1, 2, 3].map((seed) => named(blobs({ width: 18, height: 16 }, seed), `${seed}`));
  const spec: PhotoSpec = { architecture: 'photo', channels: 3, features: 8, blocks: 1, components: 1, head: 8 };
  const settings = { ...DEFAULT_SETTINGS.photo, crop: CROP, batch: 3, seed: 7 };
  const n = CROP * CROP;
  /** A group is eight pieces of four crops. */
  const GROUP = 32;

  async function take(count: number, { seed = 7, position }: { seed?: number; position?: number } = {}) {
    const random = new Random(0);
    const source = new PhotoBatches({ images, spec, settings: { ...settings, seed }, position, random });
    const batches: PhotoTiles[] = [];
    const positions = [source.position];
    try {
      // A batch is valid until the next one.
      for (let i = 0; i < count; i++) {
        batches.push(structuredClone(await source.next()));
        positions.push(source.position);
      }
    } finally {
      await source.close();
    }
    return { batches, positions };
  }

  /** Returns the crops of batches one by one, with each part as in the batch. */
  function cropsOf(batches: readonly PhotoTiles[]): string[] {
    return batches.flatMap(({ shape: { batch }, inputs, extras, centres, values }) =>
      Array.from({ length: batch }, (_, i) => {
        const rows = [inputs, ...extras].map((part) => {
          const length = part.length / batch;
          return [...part.subarray(i * length, (i + 1) * length)];
        });
        const byChannel = [centres, values].map((part) =>
          [0, 1, 2].map((c) => [...part.subarray((c * batch + i) * n, (c * batch + i + 1) * n)]),
        );
        return JSON.stringify([rows, byChannel]);
      }),
    );
  }

  it("contain the engine's records of each piece, every crop of a group once", async () => {
    const { batches } = await take(22); // 66 crops, two more than two groups
    assert.deepEqual(batches[0]?.shape, { batch: 3, height: CROP, width: CROP });
    const features = await PhotoFeatures.create();
    const inputs = { channels: 3 } as const;
    const order = new ImageOrder(images, 7);
    const expected: string[] = [];
    for (let i = 0; i < 16; i++) {
      const settings = { seed: 7, crop: CROP, orientations: 8, channels: 3 };
      const { samples, width, height, corners } = pieceOf(order.at(i), i, settings);
      const records = features.records(samples, width, height, inputs);
      for (const corner of corners) {
        const sections = sectionsIn(cutCrop(records, width, inputs, corner, CROP), inputs, n);
        expected.push(...cropsOf([tilesOf(sections, inputs, { batch: 1, height: CROP, width: CROP })]));
      }
    }
    assert.equal(expected.length, 2 * GROUP);
    const actual = cropsOf(batches);
    for (const begin of [0, GROUP]) {
      const [crops, made] = [actual, expected].map((list) => list.slice(begin, begin + GROUP));
      assert.notDeepEqual(crops, made, 'shuffled');
      assert.deepEqual(crops?.sort(), made?.sort());
    }
  });

  it('have the same order again, also from any position', async () => {
    const { batches, positions } = await take(14);
    assert.equal(new Set(positions).size, 15);
    assert.deepEqual((await take(14)).batches, batches);
    for (const from of [1, 10, 11, 12]) {
      const rest = await take(2, { position: positions[from] as number });
      assert.deepEqual(rest.batches, batches.slice(from, from + 2), `from batch ${from}`);
      assert.deepEqual(rest.positions, positions.slice(from, from + 3));
    }
    assert.notDeepEqual((await take(1, { seed: 8 })).batches, batches.slice(0, 1));
  });

  it('reject whoever waits for them if they cannot be made', async () => {
    // No samples match NaN channels: the host in the thread rejects the image.
    const broken = { ...spec, channels: NaN as 1 };
    const options = { images, spec, settings, position: undefined, random: new Random(0) };
    const source = new PhotoBatches({ ...options, spec: broken });
    await assert.rejects(source.next(), /number of samples does not match/);
    await assert.rejects(source.next(), /number of samples does not match/);
    await source.close();

    const large = new PhotoBatches({ ...options, settings: { ...settings, crop: 17 } });
    await assert.rejects(large.next(), /is smaller than a crop of 17/);
    await large.close();
  });
});
