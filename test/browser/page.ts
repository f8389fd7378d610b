import { installHost } from '#pixrnn/host/host.js';
import { assetsIn } from '#pixrnn/web/assets.js';
import { EngineThreads } from '#pixrnn/web/engine-threads.js';
import { webHost } from '#pixrnn/web/host.js';
import { assetReader } from '#pixrnn/web/read-asset.js';
import { RemoteEngines } from '#pixrnn/web/remote-engines.js';
import { computeGolden } from '../../fixtures/golden-cases.js';
import type { SourceFixture } from '../../fixtures/golden-sources.js';
import { computeFiles, type Findings } from './findings.js';

declare global {
  var compute: (sources: readonly SourceFixture[], names: readonly string[] | null) => Promise<Findings>;
}

/** Computes the golden streams in the thread of this page; the pool for the files runs workers of the package. */
globalThis.compute = async (sources, names) => {
  const worker = await (await fetch('/worker.js')).blob();
  const script = new Blob([worker], { type: 'text/javascript' });
  const readAsset = assetReader(assetsIn('/'));
  const engines = new RemoteEngines((request) => threads.receive(request), readAsset);
  const threads = new EngineThreads(script, (event) => engines.receive(event));
  installHost(webHost(readAsset, (events) => engines.start(events)));
  return { golden: await computeGolden(sources, names), files: await computeFiles() };
};
