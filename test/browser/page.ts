import { installHost } from '#pixrnn/host/host.js';
import { assetsIn } from '#pixrnn/web/assets.js';
import { EngineThreads } from '#pixrnn/web/engine-threads.js';
import { webHost } from '#pixrnn/web/host.js';
import { assetReader } from '#pixrnn/web/read-asset.js';
import { RemoteEngines } from '#pixrnn/web/remote-engines.js';
import type { SourceFixture } from '../../fixtures/golden-sources.js';
import { computeFindings, type Findings } from './findings.js';

declare global {
  var compute: (sources: readonly SourceFixture[]) => Promise<Findings>;
}

/** Computes the findings in this page; its pool runs workers of the package. */
globalThis.compute = async (sources) => {
  const worker = await (await fetch('/worker.js')).blob();
  const script = new Blob([worker], { type: 'text/javascript' });
  const readAsset = assetReader(assetsIn('/'));
  const engines = new RemoteEngines((request) => threads.receive(request), readAsset);
  const threads = new EngineThreads(script, (event) => engines.receive(event));
  installHost(webHost(readAsset, (events) => engines.start(events)));
  return computeFindings(sources);
};
