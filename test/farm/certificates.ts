/*
 * Certificates for tests, of an authority of their own, made by openssl.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { needsProgram, type Skip } from '../needs.js';

export function needsOpenssl(): Skip {
  return needsProgram('openssl', 'version');
}

/** Names of PEM files. */
export interface Certificates {
  /** The authority. */
  readonly authority: string;
  /** The certificate of a server on the loopback, and its key. */
  readonly certificate: string;
  readonly key: string;
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** Makes an authority, and a certificate for 127.0.0.1 that it signs. */
export function makeCertificates(context: Pick<TestContext, 'after'>): Certificates {
  const folder = mkdtempSync(join(tmpdir(), 'pixrnn-tls-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  openssl('req', '-x509', ...NEW_KEY, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=authority', '-days', '2');
  openssl(
    ...['req', '-x509', ...NEW_KEY, '-keyout', 'server.key', '-out', 'server.pem', '-subj', '/CN=server', '-days', '2'],
    ...['-CA', 'ca.pem', '-CAkey', 'ca.key', '-addext', 'subjectAltName=IP:127.0.0.1'],
    ...['-addext', 'basicConstraints=critical,CA:FALSE'],
  );
  const [authority, certificate, key] = ['ca.pem', 'server.pem', 'server.key'].map((name) => join(folder, name));
  return { authority: authority!, certificate: certificate!, key: key! };
}
