import { installHost } from '#pixrnn/host/host.js';
import { assetsIn } from '#pixrnn/web/assets.js';
import { webHost } from '#pixrnn/web/host.js';
import type { SourceFixture } from '../../fixtures/golden-sources.js';
import { computeFindings, type Findings } from './findings.js';

declare global {
  var compute: (sources: readonly SourceFixture[]) => Promise<Findings>;
}

/** Computes the findings in this page; its pool runs the worker of the package. */
globalThis.compute = async (sources) => {
  const worker = await (await fetch('/worker.js')).blob();
  installHost(webHost(assetsIn('/'), new Blob([worker], { type: 'text/javascript' })));
  return computeFindings(sources);
};
