import { withPool } from '../../codec/coding-options.js';
import type { CompressOptions } from '../../codec/compress.js';
import type { Effort } from '../../engine/effort.js';
import { chunkNotes } from '../../image/chunk-notes.js';
import { PixrnnError } from '../../errors.js';
import { formatOf } from '../../image/formats.js';
import type { Raster } from '../../image/raster.js';
import { type ReadImage, readImage } from '../../image/read-image.js';
import { loadOptional } from '../../node/optional-package.js';
import { ARITHMETIC_CODING } from '../../report/arithmetic-coding-package.js';
import type { Entry } from '../../report/entry.js';
import { jpegSource } from '../../codec/jpeg-source.js';
import { type JpegFigures, jpegTable, measureJpeg } from '../../report/jpeg.js';
import { heatMapPng, scaleText } from '../../heat-map/heat-map.js';
import { measureImage, totalOf } from '../../report/measure.js';
import { findPeers, measurePeers, type Peer } from '../../report/peers.js';
import { picturesOf, type ScaledMap, scaledMap } from '../../report/pictures.js';
import { reportTable } from '../../report/table.js';
import { forEachFile, printJson } from '../batch.js';
import { type Input, readInput } from '../input.js';
import { displayName, formatBytes, formatCount } from '../messages.js';
import { modelOf } from '../model-argument.js';
import type { NamedFile } from '../named-files.js';
import { type CodingArguments, type ReadingArguments, readOptionsOf } from '../options.js';
import { displayTarget } from '../output.js';
import { startProgress } from '../progress.js';
import { checkReporting, isMapAlone, MAX_EMBEDDED, printsTable, writeResult, writeTables } from '../report-outputs.js';
import type { ReportingArguments } from '../report-options.js';
import { standard } from '../streams.js';

/** The options of `report FILES`. */
export type FileReportArguments = CodingArguments & ReadingArguments & ReportingArguments;

/** Outputs that a JPEG file is no part of. */
const PIXEL_OPTIONS = ['csv', 'html', 'heatmap', 'compare', 'check-coder'] as const;

type FileOptions = CompressOptions & { readonly effort: Effort };

/** `report FILES`: bits/dim of files and their likelihood under the model, as a table, CSV, HTML page or heat map. */
export async function reportFiles(
  images: readonly NamedFile[],
  effort: Effort,
  args: FileReportArguments,
): Promise<void> {
  checkReporting(
    images.map(({ path }) => path),
    args,
  );
  if (args['check-coder']) await loadCoderCheck();
  const model = await modelOf(args);
  const entries: Entry[] = [];
  const jpegs: JpegEntry[] = [];
  try {
    await withPool({ threads: args.threads }, async (pool) => {
      const report = new Reporter(args, { model, effort, pool }, args.compare ? (await findPeers()).peers : []);
      await forEachFile(images, args.json, async (image) => {
        const input = await readInput(image);
        if (isCodedAsJpeg(input, args)) {
          jpegs.push(await report.jpeg(image, input));
          return;
        }
        const entry = await report.file(image, input);
        if (entry) entries.push(entry);
      });
    });
  } finally {
    await printEntries(entries, images.length - entries.length - jpegs.length, args);
    if (jpegs.length > 0 && printsTable(args)) {
      standard.stdout.write(`${entries.length > 0 ? '\n' : ''}${jpegTable(jpegs)}`);
    }
  }
}

/** The row of a JPEG file. */
interface JpegEntry {
  readonly name: string;
  readonly figures: JpegFigures;
}

/** Whether the coefficients of a JPEG file are measured, not its pixels. */
function isCodedAsJpeg({ bytes }: Input, args: FileReportArguments): boolean {
  return !args['allow-lossy-source'] && formatOf(bytes) === 'JPEG';
}

/** @param failed number of files without an entry */
async function printEntries(entries: readonly Entry[], failed: number, args: FileReportArguments): Promise<void> {
  if (entries.length === 0) return;
  const totals = entries.length > 1 ? totalOf(entries.map(({ figures }) => figures)) : null;
  const rows = entries.map(({ file, figures, peers }) => ({ name: displayName(file), figures, peers }));
  if (printsTable(args)) standard.stdout.write(reportTable(rows, totals));
  else if (args.json && totals !== null) printJson({ total: totals });
  await writeTables(entries, failed, args);
}

/** Measures files in sequence. */
class Reporter {
  /** Total bytes of the pictures so far. */
  private embedded = 0;

  constructor(
    private readonly args: FileReportArguments,
    private readonly options: FileOptions,
    private readonly peers: readonly Peer[],
  ) {}

  /** Returns the entry of a file; null if only a heat map is requested. */
  async file(image: string, { bytes }: Input): Promise<Entry | null> {
    const { args } = this;
    const read = await readImage(bytes, readOptionsOf(args));
    const { raster, metadata, source } = read;
    if (isMapAlone(args)) {
      await this.writeHeatMap(image, await this.map(image, raster));
      return null;
    }
    const progress = startProgress(image, args.quiet, ['coding']);
    const figures = await measureImage(
      { raster, metadata, bytes: bytes.length },
      { ...this.options, onProgress: progress.update },
    ).finally(progress.stop);
    const coder = args['check-coder'] ? await compareCoders(image, raster, args, this.options) : undefined;
    const peers = await measurePeers(raster, metadata, this.peers);
    const pictures = await this.pictures(image, read);
    if (args.json) {
      const others = args.compare ? { peers } : {};
      printJson({ file: image, format: source.format, ...figures, ...others, ...(coder && { coder }) });
    }
    return { file: image, format: source.format, figures, peers, chunks: await chunkNotes(metadata), pictures };
  }

  /**
   * Measures a JPEG file by its coefficients.
   * @throws PixrnnError 'input-unsupported' if an output is requested that measures pixels
   */
  async jpeg(image: string, { bytes }: Input): Promise<JpegEntry> {
    const { args } = this;
    const option = PIXEL_OPTIONS.find((name) => args[name] !== undefined && args[name] !== false);
    if (option !== undefined) {
      const what = `--${option} measures pixels, and JPEG files are coded as coefficients`;
      throw new PixrnnError('input-unsupported', `${what}. Use --allow-lossy-source to measure the decoded pixels.`);
    }
    const source = jpegSource(image, bytes, { stripMetadata: args['strip-metadata'] });
    const { pool, effort } = this.options;
    const progress = startProgress(image, args.quiet, ['coding']);
    const options = { pool, effort, maxPixels: args['max-pixels'], onProgress: progress.update };
    const figures = await measureJpeg(source, options).finally(progress.stop);
    if (args.json) printJson({ file: image, format: 'JPEG', ...figures });
    return { name: displayName(image), figures };
  }

  /** Returns the pictures for the page, null if the page is full. Also writes the heat map, if requested. */
  private async pictures(image: string, { raster, metadata }: ReadImage): Promise<Entry['pictures']> {
    const { html, heatmap } = this.args;
    const hasRoom = html !== undefined && this.embedded < MAX_EMBEDDED;
    if (!hasRoom && heatmap === undefined) return null;
    const scaled = await this.map(image, raster);
    if (heatmap !== undefined) await this.writeHeatMap(image, scaled);
    if (!hasRoom) return null;
    const pictures = await picturesOf(raster, metadata, scaled);
    this.embedded += pictures.picture.length + pictures.map.length;
    return pictures;
  }

  private async map(image: string, raster: Raster): Promise<ScaledMap> {
    const progress = startProgress(image, this.args.quiet, ['heat map']);
    const options = { ...this.options, onProgress: progress.update };
    return scaledMap(raster, this.args['heatmap-max'], options).finally(progress.stop);
  }

  private async writeHeatMap(image: string, { map, maxBits: most }: ScaledMap): Promise<void> {
    await writeResult('heatmap', await heatMapPng(map, most), this.args);
    if (this.args.quiet) return;
    const bits = map.codeLengthBits.reduce((sum, length) => sum + length, 0);
    const mean = `${(bits / (map.width * map.height)).toFixed(2)} on average`;
    const names = `${displayName(image)} -> ${displayTarget(this.args.heatmap ?? '')}`;
    standard.stderr.write(`${names}  ${scaleText(most)}, ${mean}\n`);
  }
}

const loadCoderCheck = () => loadOptional(ARITHMETIC_CODING, () => import('../../report/check-coder.js'));

async function compareCoders(image: string, raster: Raster, args: FileReportArguments, options: FileOptions) {
  const { checkCoder } = await loadCoderCheck();
  const result = await checkCoder(raster, options.model, options.effort);
  const { symbols, identical, bytes } = result;
  if (!identical) throw new Error(`the output of arithmetic-coding differs for ${formatCount(symbols)} symbols`);
  if (printsTable(args)) {
    const counts = `${formatCount(symbols)} symbols, ${formatBytes(bytes)}`;
    standard.stdout.write(`${displayName(image)}: ${counts}, identical to the output of arithmetic-coding\n`);
  }
  return result;
}
