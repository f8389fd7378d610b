/** A folder that is compressed on one machine and restored on another. */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeMixedFolder } from '../../fixtures/mixed-folder.js';
import { type Machine, outputOn } from './machine.js';

const PROGRAM = fileURLToPath(new URL('../../../bin/pixrnn.js', import.meta.url));

/** A machine that is ready, and its name. */
export interface Traveller {
  readonly name: string;
  readonly machine: Machine;
}

/** What a machine made of the folder. */
export interface Travel {
  readonly name: string;
  /** SHA-256 over the names and bytes of all .prnn files. */
  readonly compressed: string;
  /** The machine that restored them. */
  readonly restoredBy: string;
  /** SHA-256 over the names and bytes of the restored files. */
  readonly restored: string;
}

/**
 * Compresses a folder of mixed image files on each machine, and restores what it wrote on the next one.
 * @param sizes as in `writeMixedFolder`
 */
export async function travels(
  machines: readonly Traveller[],
  sizes: number,
): Promise<{ readonly files: number; readonly source: string; readonly travels: readonly Travel[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'pixrnn-travel-'));
  try {
    const source = join(folder, 'source');
    const files = await writeMixedFolder(source, sizes);
    const found: Travel[] = [];
    for (const [i, { name, machine }] of machines.entries()) {
      const next = machines[(i + 1) % machines.length]!;
      const [small, back] = [join(folder, `small ${i}`), join(folder, `back ${i}`)];
      mkdirSync(small);
      await run(machine, 'compress', source, small);
      await run(next.machine, 'decompress', small, back);
      found.push({ name, compressed: digestOf(small), restoredBy: next.name, restored: digestOf(back) });
    }
    return { files, source: digestOf(source), travels: found };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function run(machine: Machine, command: 'compress' | 'decompress', from: string, to: string): Promise<void> {
  const options = command === 'compress' ? ['--effort', '1', '--exact', '--no-verify'] : [];
  const [program, source, target] = [PROGRAM, from, to].map((path) => machine.pathOf(path)) as [string, string, string];
  await outputOn(machine, [program, command, '-rq', source, '--out-dir', target, ...options]);
}

/** Returns the SHA-256 over the names and bytes of all files of a folder. */
function digestOf(folder: string): string {
  const hash = createHash('sha256');
  const add = (below: string): void => {
    const entries = readdirSync(join(folder, below), { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const name = below + entry.name;
      if (entry.isDirectory()) add(`${name}/`);
      else
        hash.update(`${name}\0`).update(
          createHash('sha256')
            .update(readFileSync(join(folder, name)))
            .digest(),
        );
    }
  };
  add('');
  return hash.digest('hex');
}
