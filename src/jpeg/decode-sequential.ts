import { ScanDamage } from './bit-reader.js';
import type { BlockDecoder, BlockDecoding } from './block-decoder.js';
import { DcDecoder } from './decode-dc.js';
import { END_OF_BLOCK, ZERO_RUN } from './symbols.js';
import { NATURAL_ORDER } from './zigzag.js';

/** Decodes whole blocks, as in baseline and extended sequential JPEG (ITU-T T.81, F.2.2). */
export class SequentialDecoder implements BlockDecoder {
  readonly idle = true;
  private readonly dc: DcDecoder;

  constructor(private readonly context: BlockDecoding) {
    this.dc = new DcDecoder(context);
  }

  restart(): void {
    this.dc.restart();
  }

  decode(slot: number, coefficients: Int16Array, offset: number, block: number): void {
    const { reader, acTables, events } = this.context;
    coefficients[offset] = this.dc.next(slot);
    const table = acTables[slot]!;
    let zeroRuns = 0;
    for (let k = 1; k < 64; k++) {
      const symbol = reader.symbol(table);
      const size = symbol & 15;
      if (size > 0) {
        k += symbol >> 4;
        if (k > 63) throw new ScanDamage('a block has too many coefficients');
        coefficients[offset + NATURAL_ORDER[k]!] = reader.signed(size);
        zeroRuns = 0;
      } else if (symbol === ZERO_RUN) {
        k += 15;
        zeroRuns++;
      } else if (symbol === END_OF_BLOCK) {
        events.zeroRun(block, zeroRuns, false);
        return;
      } else {
        throw new ScanDamage('a block has an invalid code');
      }
    }
    events.zeroRun(block, zeroRuns, true);
  }
}
