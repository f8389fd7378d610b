import { installHost } from '#pixrnn/host/host.js';
import type { SourceFixture } from '../../fixtures/golden-sources.js';
import { computeFindings, type Findings } from './findings.js';
import { webHost } from './web-host.js';

declare global {
  // Set before the page loads.
  var sources: readonly SourceFixture[];
  // Set when the page has finished.
  var findings: Findings | { readonly error: string } | undefined;
}

installHost(webHost);
computeFindings(sources).then(
  (findings) => (globalThis.findings = findings),
  (error: Error) => (globalThis.findings = { error: error.stack ?? String(error) }),
);
