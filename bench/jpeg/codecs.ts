import { execFileSync } from 'node:child_process';
import { PIXRNN } from '../codec.js';

/** A codec of JPEG files as two commands, on one thread. */
export interface JpegCodec {
  /** Name in the tables. */
  readonly label: string;
  readonly encode: (jpeg: string, coded: string) => readonly string[];
  readonly decode: (coded: string, jpeg: string) => readonly string[];
}

/** A codec, and its sizes in PEERS.tsv where it is not installed. */
export interface PeerCodec extends JpegCodec {
  /** Name in PEERS.tsv. */
  readonly peer: string;
  readonly isInstalled: boolean;
}

export function pixrnn(effort: number): JpegCodec {
  const options = ['--threads', '1', '-q'];
  return {
    label: `pixrnn --effort ${effort}`,
    encode: (jpeg, coded) => [
      ...[...PIXRNN, 'compress', '--effort', String(effort), '--no-verify', ...options],
      ...[jpeg, '-o', coded],
    ],
    decode: (coded, jpeg) => [...PIXRNN, 'decompress', ...options, coded, '-o', jpeg],
  };
}

export function jxl(): PeerCodec {
  return {
    label: 'cjxl -e 9 --lossless_jpeg=1',
    peer: 'jxl-e9',
    isInstalled: hasProgram('cjxl') && hasProgram('djxl'),
    encode: (jpeg, coded) => ['cjxl', '-e', '9', '--lossless_jpeg=1', '--num_threads=0', jpeg, coded],
    decode: (coded, jpeg) => ['djxl', '--num_threads=0', coded, jpeg],
  };
}

const LEPTON_PROGRAM = `
import sys, lepton_jpeg_python
convert = getattr(lepton_jpeg_python, sys.argv[1])
with open(sys.argv[2], 'rb') as source, open(sys.argv[3], 'wb') as target:
    target.write(convert(source.read()))
`;

/** @param python a Python interpreter with PyPI's lepton-jpeg-python; `lepton` on the PATH is used without it */
export function lepton(python: string | undefined): PeerCodec {
  const common = { label: 'lepton', peer: 'lepton' };
  if (python === undefined) {
    const command = (from: string, to: string) => ['lepton', '-singlethread', from, to];
    return { ...common, isInstalled: hasProgram('lepton'), encode: command, decode: command };
  }
  const command = (convert: string) => (from: string, to: string) => [python, '-c', LEPTON_PROGRAM, convert, from, to];
  return { ...common, isInstalled: true, encode: command('compress_bytes'), decode: command('decompress_bytes') };
}

function hasProgram(name: string): boolean {
  try {
    execFileSync('sh', ['-c', 'command -v "$0"', name], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
