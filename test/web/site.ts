import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { serve } from '../../scripts/static-server.js';

const ROOT = join(import.meta.dirname, '../../..');
export const SITE = join(ROOT, 'build/site');

/** A file of the site that was sent, and its size on the wire. */
export interface Sent {
  readonly path: string;
  readonly bytes: number;
}

let isBuilt = false;

/** Builds the page once, and serves it. */
export async function servePage(): Promise<{ url: string; sent: Sent[]; close: () => Promise<void> }> {
  if (!isBuilt) {
    const { status, stderr } = spawnSync('node', [join(ROOT, 'scripts/build-site.js')], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`the page cannot be built: ${stderr}`);
    isBuilt = true;
  }
  const sent: Sent[] = [];
  const { url, close } = await serve(SITE, { onSend: (path, bytes) => sent.push({ path, bytes }) });
  return { url, sent, close };
}
