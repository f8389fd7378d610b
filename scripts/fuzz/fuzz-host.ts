import { type Host, installHost, type Sha256 } from '#pixrnn/host/host.js';
import { nodeHost } from '#pixrnn/node/host.js';
import { storedBrotli } from './stored-brotli.js';

let last: Uint8Array = new Uint8Array(0);
let count = 0;

/**
 * Installs a host of Node.js that keeps the SHA-256 computed last (what a file with a wrong digest should have had), and
 * that stores what Brotli would compress: the encoder clears 36 MB for each palette.
 */
export function installFuzzHost(): void {
  const sha256 = (): Sha256 => {
    const hash = nodeHost.sha256();
    const recorded: Sha256 = {
      update(bytes) {
        hash.update(bytes);
        return recorded;
      },
      digest() {
        count++;
        return (last = hash.digest());
      },
    };
    return recorded;
  };
  const loadBrotli: Host['loadBrotli'] = async () => {
    const { DecompressStream } = await nodeHost.loadBrotli();
    return { DecompressStream, compress: storedBrotli };
  };
  installHost({ ...nodeHost, parallelism: nodeHost.parallelism, sha256, loadBrotli });
}

/** Returns the SHA-256 computed last, and the number of all so far. */
export function lastHash(): { readonly hash: Uint8Array; readonly count: number } {
  return { hash: last, count };
}
