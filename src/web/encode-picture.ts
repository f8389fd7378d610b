import type { Host } from '../host/host.js';

/** Encodes a small WebP file with a canvas, or a JPEG file where the browser cannot write WebP (Safari). */
export const encodePicture: Host['encodePicture'] = async (file, side, quality) => {
  const whole = await createImageBitmap(new Blob([file as Uint8Array<ArrayBuffer>]));
  const scale = Math.min(1, side / Math.max(whole.width, whole.height));
  const [width, height] = [whole.width, whole.height].map((length) => Math.max(1, Math.round(scale * length)));
  const canvas = new OffscreenCanvas(width!, height!);
  const context = canvas.getContext('2d')!;
  context.imageSmoothingQuality = 'high';
  context.drawImage(whole, 0, 0, canvas.width, canvas.height);
  whole.close();
  const webp = await canvas.convertToBlob({ type: 'image/webp', quality: quality / 100 });
  if (webp.type === 'image/webp') return bytesOf(webp);
  // JPEG has no alpha.
  context.globalCompositeOperation = 'destination-over';
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  return bytesOf(await canvas.convertToBlob({ type: 'image/jpeg', quality: quality / 100 }));
};

async function bytesOf(blob: Blob): Promise<Uint8Array> {
  return new Uint8Array(await blob.arrayBuffer());
}
