import type { JpegComponentShape } from './coefficients.js';

/** Names of chroma subsampling by the sampling factors of luma relative to those of chroma. */
const NAMES: Readonly<Record<string, string>> = {
  '1x1': '4:4:4',
  '2x1': '4:2:2',
  '2x2': '4:2:0',
  '1x2': '4:4:0',
  '4x1': '4:1:1',
  '4x2': '4:1:0',
};

/** Returns the name of an image's chroma subsampling, "none" for one component, or the sampling factors of all. */
export function samplingName(components: readonly JpegComponentShape[]): string {
  const factors = components.map(({ horizontal, vertical }) => `${horizontal}x${vertical}`);
  if (components.length === 1) return 'none';
  const [luma, chroma] = components;
  const alike = factors.slice(2, 3).every((other) => other === factors[1]);
  const ratio = `${luma!.horizontal / chroma!.horizontal}x${luma!.vertical / chroma!.vertical}`;
  const blackIsLikeLuma = factors.length < 4 || factors[3] === factors[0];
  return (alike && blackIsLikeLuma ? NAMES[ratio] : undefined) ?? factors.join(',');
}
