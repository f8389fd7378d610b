import { errorOf, type Failure, failureOf } from '../service/failure.js';
import type { Host } from '../host/host.js';

/*
 * The background thread reads the files of the package for its engine threads, so that each is fetched once: a browser may
 * have no cache, and WebKit does not show every worker to the service worker of the page.
 */

/** An engine thread needs a file. */
export interface AssetRequest {
  readonly asset: string;
}

export type AssetAnswer = AssetRequest & ({ readonly bytes: Uint8Array<ArrayBuffer> } | { readonly failure: Failure });

/** The files in an engine thread. */
export class EngineAssets {
  private readonly waiting = new Map<string, (answer: AssetAnswer) => void>();

  /** @param send posts a message to the background thread */
  constructor(private readonly send: (request: AssetRequest) => void) {}

  readonly read: Host['readAsset'] = async (name) => {
    const answer = await new Promise<AssetAnswer>((resolve) => {
      const before = this.waiting.get(name);
      if (!before) this.send({ asset: name });
      this.waiting.set(name, (answer) => {
        before?.(answer);
        resolve(answer);
      });
    });
    if ('failure' in answer) throw errorOf(answer.failure);
    return answer.bytes;
  };

  receive(answer: AssetAnswer): void {
    this.waiting.get(answer.asset)?.(answer);
    this.waiting.delete(answer.asset);
  }
}

/** Returns the answer of the background thread. */
export async function answerTo({ asset }: AssetRequest, readAsset: Host['readAsset']): Promise<AssetAnswer> {
  try {
    return { asset, bytes: await readAsset(asset) };
  } catch (error) {
    return { asset, failure: failureOf(error) };
  }
}
