import { installHost } from '#pixrnn/host/host.js';
import { computeFindings, type Findings } from './findings.js';
import { webHost } from './web-host.js';

declare global {
  // Set when the page has finished.
  var findings: Findings | { readonly error: string } | undefined;
}

installHost(webHost);
computeFindings().then(
  (findings) => (globalThis.findings = findings),
  (error: Error) => (globalThis.findings = { error: error.stack ?? String(error) }),
);
