import { execFileSync } from 'node:child_process';
import { chromium } from 'playwright-core';

/** Encodes PNG files with the canvas of a browser. */
export interface BrowserPages {
  /** Draws a PNG file on a canvas and returns what `toBlob` writes. Without alpha, the canvas is opaque. */
  encode(png: Buffer, alpha: boolean): Promise<Uint8Array>;
  close(): Promise<void>;
}

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'];

/** Starts Debian's Chromium, or the browser that PIXRNN_CHROMIUM names; returns null if there is none. */
export async function openChromium(): Promise<BrowserPages | null> {
  const executablePath = pathOf(process.env['PIXRNN_CHROMIUM'] ?? 'chromium');
  if (executablePath === null) return null;
  const browser = await chromium.launch({ executablePath, args: FLAGS });
  const page = await browser.newPage();
  return {
    async encode(png, alpha) {
      // Text, because the page runs in the browser, outside of the types of Node.
      const script = `(async () => {
        const image = await createImageBitmap(await (await fetch("data:image/png;base64,${png.toString('base64')}")).blob());
        const canvas = document.createElement('canvas');
        canvas.width = image.width;
        canvas.height = image.height;
        canvas.getContext('2d', { alpha: ${alpha} }).drawImage(image, 0, 0);
        return canvas.toDataURL('image/png');
      })()`;
      const url = await page.evaluate<string>(script);
      return Buffer.from(url.slice(url.indexOf(',') + 1), 'base64');
    },
    close: () => browser.close(),
  };
}

function pathOf(program: string): string | null {
  try {
    return execFileSync('sh', ['-c', 'command -v "$0"', program], { encoding: 'utf8' }).trim();
  } catch {
    return null;
  }
}
