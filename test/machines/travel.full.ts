import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EMULATED_ENGINES, type EngineUnderTest, MUSL, WINDOWS } from '../../scripts/machines/engines.js';
import { THIS_MACHINE } from '../../scripts/machines/machine.js';
import { type Traveller, travels } from '../../scripts/machines/travel.js';

const THIS: Traveller = { name: 'this Node', machine: THIS_MACHINE };

function ready(engines: readonly EngineUnderTest[]): Traveller[] {
  return engines.flatMap(({ name, machine: get }) => {
    const machine = get();
    return typeof machine === 'string' ? [] : [{ name, machine }];
  });
}

for (const [what, engines, sizes] of [
  ['200 files travel between Linux, Windows and musl', [WINDOWS, MUSL], 5],
  ['40 files travel between processors', EMULATED_ENGINES.slice(0, 1), 1],
] as const) {
  test(what, async (context) => {
    const others = ready(engines);
    if (others.length === 0) return context.skip('no other machine can be had here, see the other tests of machines');
    const { files, source, travels: found } = await travels([THIS, ...others], sizes);
    assert.equal(files, sizes * 40);
    const [first] = found;
    for (const { name, compressed, restoredBy, restored } of found) {
      context.diagnostic(`${name}: ${files} files, SHA-256 ${compressed}; restored by ${restoredBy}`);
      assert.equal(compressed, first!.compressed, `${name} writes other .prnn files`);
      assert.equal(restored, source, `${restoredBy} restores other files from those of ${name}`);
    }
  });
}
