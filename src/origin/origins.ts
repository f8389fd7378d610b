import type { ColourRule } from './colour-rule.js';
import { goJpeg } from './go-jpeg.js';
import { jfif } from './jfif.js';
import { jpegJs } from './jpeg-js.js';
import { libheif } from './libheif.js';
import { libwebp } from './libwebp.js';
import { libyuvBt601, libyuvBt709, libyuvJpeg } from './libyuv.js';
import { photoCd } from './photocd.js';
import { stbJpeg } from './stb-jpeg.js';
import {
  CENTRED_420,
  CENTRED_422,
  CENTRED_440,
  COSITED_420,
  FULL_CHROMA,
  REPLICATED_420,
  REPLICATED_422,
  ROUNDED_420,
  ROUNDED_422,
  type Subsampling,
} from './subsampling.js';
import { swscaleBt601, swscaleBt709, swscaleJpeg } from './swscale.js';

/** A rule by which RGB images are computed from luma and chroma. */
export interface Origin {
  /** As `info` prints it. */
  readonly name: string;
  readonly rule: ColourRule;
  readonly subsampling: Subsampling;
}

const origin = (name: string, rule: ColourRule, subsampling: Subsampling): Origin => {
  return { name: `${name}, ${subsampling.name}`, rule, subsampling };
};

/** All origins, in the order of their numbers in files (docs/format/origins.md). */
export const ORIGINS: readonly Origin[] = [
  origin('PhotoCD', photoCd, COSITED_420),
  origin('JPEG', jfif, FULL_CHROMA),
  origin('JPEG', jfif, CENTRED_422),
  origin('JPEG', jfif, CENTRED_440),
  origin('JPEG', jfif, CENTRED_420),
  origin('JPEG', jfif, REPLICATED_422),
  origin('JPEG', jfif, REPLICATED_420),
  origin('BT.601 video (FFmpeg)', swscaleBt601, REPLICATED_420),
  origin('BT.601 video (FFmpeg)', swscaleBt601, REPLICATED_422),
  origin('BT.709 video (FFmpeg)', swscaleBt709, REPLICATED_420),
  origin('BT.709 video (FFmpeg)', swscaleBt709, REPLICATED_422),
  origin('JPEG (FFmpeg)', swscaleJpeg, REPLICATED_420),
  origin('JPEG (FFmpeg)', swscaleJpeg, REPLICATED_422),
  origin('BT.601 video (libyuv)', libyuvBt601, REPLICATED_420),
  origin('BT.709 video (libyuv)', libyuvBt709, REPLICATED_420),
  origin('JPEG (Go)', goJpeg, FULL_CHROMA),
  origin('JPEG (Go)', goJpeg, REPLICATED_422),
  origin('JPEG (Go)', goJpeg, REPLICATED_420),
  origin('JPEG (jpeg-js)', jpegJs, FULL_CHROMA),
  origin('JPEG (jpeg-js)', jpegJs, REPLICATED_422),
  origin('JPEG (jpeg-js)', jpegJs, REPLICATED_420),
  origin('JPEG (stb_image)', stbJpeg, FULL_CHROMA),
  origin('JPEG (stb_image)', stbJpeg, ROUNDED_422),
  origin('JPEG (stb_image)', stbJpeg, ROUNDED_420),
  origin('WebP', libwebp, ROUNDED_420),
  origin('AVIF (libyuv)', libyuvJpeg, FULL_CHROMA),
  origin('AVIF (libyuv)', libyuvJpeg, ROUNDED_422),
  origin('AVIF (libyuv)', libyuvJpeg, ROUNDED_420),
  origin('AVIF (libyuv)', libyuvJpeg, REPLICATED_422),
  origin('AVIF (libyuv)', libyuvJpeg, REPLICATED_420),
  origin('HEIF (libheif)', libheif, REPLICATED_420),
];
