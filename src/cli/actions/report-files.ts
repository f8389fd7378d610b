import { withPool } from '../../codec/coding-options.js';
import type { CompressOptions } from '../../codec/compress.js';
import type { Effort } from '../../effort.js';
import { chunkNotes } from '../../image/chunk-notes.js';
import { PixrnnError } from '../../errors.js';
import { formatOf } from '../../image/formats.js';
import type { Raster } from '../../image/raster.js';
import { writeImage } from '../../node/image/write-image.js';
import { type ReadImage, readImage } from '../../image/read-image.js';
import { loadOptional } from '../../node/optional-package.js';
import { ARITHMETIC_CODING } from '../../report/arithmetic-coding-package.js';
import { type Entry, type JpegEntry, jpegFigures, type PixelsEntry, pixelsFigures } from '../../report/entry.js';
import { jpegSource } from '../../codec/jpeg-source.js';
import { type JpegTotals, jpegTotalOf, measureJpeg } from '../../report/jpeg.js';
import { jpegTable } from '../../report/jpeg-table.js';
import { BITS_PER_BLOCK } from '../../heat-map/bit-map.js';
import { heatMapPng, scaleText } from '../../heat-map/heat-map.js';
import { measureImage, totalOf, type Totals } from '../../report/measure.js';
import { findPeers, measurePeers, type Peer } from '../../report/peers.js';
import { picturesOf, pixelMap, scaled, type ScaledMap } from '../../report/pictures.js';
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
  try {
    await withPool({ threads: args.threads }, async (pool) => {
      const options = { model, effort, origin: !args['no-origin'], pool };
      const report = new Reporter(args, options, args.compare ? (await findPeers()).peers : []);
      await forEachFile(images, args.json, async (image) => {
        const input = await readInput(image);
        const entry = await (isCodedAsJpeg(input, args) ? report.jpeg(image, input) : report.file(image, input));
        if (entry) entries.push(entry);
      });
    });
  } finally {
    await printEntries(entries, images.length - entries.length, args);
  }
}

/** Whether the coefficients of a JPEG file are measured, not its pixels. */
function isCodedAsJpeg({ bytes }: Input, args: FileReportArguments): boolean {
  return !args['allow-lossy-source'] && formatOf(bytes) === 'JPEG';
}

/** @param failed number of files without an entry */
async function printEntries(entries: readonly Entry[], failed: number, args: FileReportArguments): Promise<void> {
  if (entries.length === 0) return;
  const [images, jpegs] = [pixelsFigures(entries), jpegFigures(entries)];
  const total = images.length > 1 ? totalOf(images) : null;
  const jpegTotal = jpegs.length > 1 ? jpegTotalOf(jpegs) : null;
  if (printsTable(args)) standard.stdout.write(tablesOf(entries, total, jpegTotal));
  if (args.json && total !== null) printJson({ total });
  if (args.json && jpegTotal !== null) printJson({ jpegTotal });
  await writeTables(entries, failed, args);
}

/** Returns a table of the images whose samples are measured, and one of the JPEG files. */
function tablesOf(entries: readonly Entry[], total: Totals | null, jpegTotal: JpegTotals | null): string {
  const rows = {
    pixels: [] as Parameters<typeof reportTable>[0][number][],
    jpeg: [] as Parameters<typeof jpegTable>[0][number][],
  };
  for (const entry of entries) {
    const name = displayName(entry.file);
    if (entry.kind === 'pixels') rows.pixels.push({ name, figures: entry.figures, peers: entry.peers });
    else rows.jpeg.push({ name, figures: entry.figures });
  }
  const tables = [
    ...(rows.pixels.length > 0 ? [reportTable(rows.pixels, total)] : []),
    ...(rows.jpeg.length > 0 ? [jpegTable(rows.jpeg, jpegTotal)] : []),
  ];
  return tables.join('\n');
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
  async file(image: string, { bytes }: Input): Promise<PixelsEntry | null> {
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
    const pictures = await this.pixelsPictures(image, read);
    if (args.json) {
      const others = args.compare ? { peers } : {};
      printJson({ file: image, format: source.format, ...figures, ...others, ...(coder && { coder }) });
    }
    const chunks = await chunkNotes(metadata);
    return { kind: 'pixels', file: image, format: source.format, figures, peers, chunks, pictures };
  }

  /**
   * Measures a JPEG file by its coefficients. Returns null if only a heat map is requested.
   * @throws PixrnnError 'input-unsupported' for an option that needs samples, and for a heat map of a stored file
   */
  async jpeg(image: string, { bytes }: Input): Promise<JpegEntry | null> {
    const { args } = this;
    if (args['check-coder']) {
      const what = '--check-coder codes samples, and JPEG files are coded as coefficients';
      throw new PixrnnError('input-unsupported', `${what}. Use --allow-lossy-source to code the decoded pixels.`);
    }
    const source = jpegSource(image, bytes, { stripMetadata: args['strip-metadata'] });
    const { pool, effort } = this.options;
    const progress = startProgress(image, args.quiet, ['coding']);
    const options = { pool, effort, maxPixels: args['max-pixels'], onProgress: progress.update };
    const { figures, drawMap } = await measureJpeg(source, options).finally(progress.stop);
    if (args.heatmap !== undefined && !drawMap) {
      const what = `a file that is stored as it is has no heat map: ${figures.storedBecause ?? ''}`;
      throw new PixrnnError('input-unsupported', `${what}. Use --allow-lossy-source to measure the decoded pixels.`);
    }
    const draw = (): ScaledMap | null =>
      drawMap && scaled(drawMap(), BITS_PER_BLOCK, figures.coefficients?.bits ?? 0, args['heatmap-max']);
    const pictures = await this.pictures(
      image,
      () => Promise.resolve(draw()),
      () => Promise.resolve(bytes),
    );
    if (isMapAlone(args)) return null;
    if (args.json) printJson({ file: image, format: 'JPEG', ...figures });
    return { kind: 'jpeg', file: image, format: 'JPEG', figures, peers: [], pictures };
  }

  private pixelsPictures(image: string, { raster, metadata }: ReadImage): Promise<Entry['pictures']> {
    return this.pictures(
      image,
      () => this.map(image, raster),
      () => writeImage(raster, metadata, 'png'),
    );
  }

  /**
   * Returns the pictures for the page, null if the page is full. Also writes the heat map, if requested.
   * @param pictureOf returns a file that sharp reads
   */
  private async pictures(
    image: string,
    mapOf: () => Promise<ScaledMap | null>,
    pictureOf: () => Promise<Uint8Array>,
  ): Promise<Entry['pictures']> {
    const { html, heatmap } = this.args;
    const hasRoom = html !== undefined && this.embedded < MAX_EMBEDDED;
    const map = hasRoom || heatmap !== undefined ? await mapOf() : null;
    if (!map) return null;
    if (heatmap !== undefined) await this.writeHeatMap(image, map);
    if (!hasRoom) return null;
    const pictures = await picturesOf(await pictureOf(), map);
    this.embedded += (pictures?.picture.length ?? 0) + (pictures?.map.length ?? 0);
    return pictures;
  }

  private async map(image: string, raster: Raster): Promise<ScaledMap> {
    const progress = startProgress(image, this.args.quiet, ['heat map']);
    const options = { ...this.options, onProgress: progress.update };
    return pixelMap(raster, this.args['heatmap-max'], options).finally(progress.stop);
  }

  private async writeHeatMap(image: string, { map, unit, maxBits, meanBits }: ScaledMap): Promise<void> {
    await writeResult('heatmap', await heatMapPng(map, maxBits, unit), this.args);
    if (this.args.quiet) return;
    const names = `${displayName(image)} -> ${displayTarget(this.args.heatmap ?? '')}`;
    standard.stderr.write(`${names}  ${scaleText(maxBits, unit)}, ${meanBits.toFixed(2)} on average\n`);
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
