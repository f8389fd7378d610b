import { installHost } from '#pixrnn/host/host.js';
import { assetsIn } from '#pixrnn/web/assets.js';
import { webHost } from '#pixrnn/web/host.js';
import { startThread } from '#pixrnn/web/start-thread.js';
import type { Passed } from '#pixrnn/web/worker-start.js';
import type { SourceFixture } from '../../fixtures/golden-sources.js';
import { computeFindings, type Findings } from './findings.js';

declare global {
  var compute: (sources: readonly SourceFixture[]) => Promise<Findings>;
}

/** Computes the findings in this page; its pool runs workers of the package. */
globalThis.compute = async (sources) => {
  const worker = await (await fetch('/worker.js')).blob();
  const script = new Blob([worker], { type: 'text/javascript' });
  const assets = assetsIn('/');
  const start = { role: 'engine', assets, threads: 1 } as const;
  installHost(
    webHost(assets, ({ onMessage, onEnd }) =>
      startThread(script, start, { onMessage: (passed) => onMessage((passed as Passed).message), onEnd }),
    ),
  );
  return computeFindings(sources);
};
