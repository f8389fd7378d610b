import { zipSync } from 'fflate';
import { h } from './dom.js';
import type { Output } from './item.js';

/** Downloads a file. */
export function saveBlob(name: string, blob: Blob): void {
  const url = URL.createObjectURL(blob);
  h('a', { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** Downloads all files in one archive. They are stored as they are: nothing makes them smaller. */
export async function saveZip(outputs: readonly Output[]): Promise<void> {
  const files: Record<string, Uint8Array> = {};
  for (const { name, blob } of outputs) files[freeName(name, files)] = new Uint8Array(await blob.arrayBuffer());
  const zip = zipSync(files, { level: 0 });
  saveBlob('pixrnn.zip', new Blob([zip], { type: 'application/zip' }));
}

/** Returns the name, with a number if the archive has a file of this name. */
export function freeName(name: string, taken: Readonly<Record<string, unknown>>): string {
  if (!(name in taken)) return name;
  const [, stem = name, extension = ''] = /^(.*?)(\.[^.]*)?$/.exec(name) ?? [];
  for (let n = 2; ; n++) {
    const next = `${stem}-${n}${extension}`;
    if (!(next in taken)) return next;
  }
}
