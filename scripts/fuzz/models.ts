import { architectureOf } from '#pixrnn/model/architectures.js';
import type { Model } from '#pixrnn/model/model.js';
import { loadShipped, shippedModels } from '#pixrnn/model/registry.js';
import { tinyModel, tinyMultiScale, tinyPhoto, tinyPixelRnn } from '../../fixtures/tiny-model.js';
import type { KnownModel } from './repair-header.js';

/** Returns small models of every architecture and output, gray ones and RGB ones. */
export function fuzzModels(): Model[] {
  const both = ([1, 3] as const).flatMap((channels) => [
    tinyPhoto(channels),
    tinyModel(channels),
    tinyMultiScale(channels, channels === 1 ? [2] : [2, 2]),
    tinyPixelRnn(`fuzz row-lstm ${channels}`, { architecture: 'row-lstm', channels }),
    tinyPixelRnn(`fuzz diagonal-bilstm ${channels}`, { architecture: 'diagonal-bilstm', channels }),
  ]);
  const bits = { architecture: 'row-lstm', channels: 1, frame: 'absolute', output: 'bernoulli' } as const;
  return [
    ...both,
    tinyPixelRnn('fuzz bits', bits),
    tinyPixelRnn('fuzz logistics', { output: 'logistics', components: 3 }),
  ];
}

/** Returns what headers may name: the small models by id, the shipped ones by number. */
export async function knownModels(): Promise<KnownModel[]> {
  const shipped = await Promise.all(
    shippedModels().map(async (one) => ({ model: await loadShipped(one), reference: Uint8Array.of(one.number) })),
  );
  const small = fuzzModels().map((model) => ({ model, reference: Uint8Array.of(0, ...model.id) }));
  return [...small, ...shipped].map(({ model: { spec }, reference }) => ({
    reference,
    channels: spec.channels,
    depths: architectureOf(spec.architecture).depths(spec),
    isShipped: reference.length === 1,
  }));
}
