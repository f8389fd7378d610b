import { MARKER } from '#pixrnn/jpeg/markers.js';
import { drawnImage } from '../jpeg/drawn-pixels.js';
import { type SampleFile, sampleFiles } from '../jpeg/sample-files.js';

/** Returns a photo as cameras write them: EXIF with a camera, an orientation and a position, an ICC profile. */
export async function cameraFile(width = 40, height = 24, seed = 1): Promise<Uint8Array> {
  const position = { GPSLatitudeRef: 'N', GPSLatitude: '51/1 28/1 38/1' };
  const exif = { IFD0: { Make: 'Canon', Model: 'Canon EOS 30D' }, IFD3: position };
  const image = drawnImage(width, height, 3, seed).withExif(exif).withIccProfile('p3').withMetadata({ orientation: 6 });
  return new Uint8Array(await image.jpeg().toBuffer());
}

/** Returns a file that claims to be arithmetic-coded, which pixrnn does not read. */
export function arithmeticFile(file: Uint8Array): Uint8Array {
  const copy = file.slice();
  copy[Buffer.from(file).indexOf(Buffer.from([0xff, MARKER.SOF0])) + 1] = MARKER.SOF0 + 9;
  return copy;
}

/** Returns small JPEG files of every kind that sharp writes, one with bytes after its end, and a truncated one. */
export async function jpegFiles(): Promise<SampleFile[]> {
  const camera = await cameraFile();
  return [
    ...(await sampleFiles(40, 24)),
    { name: 'EXIF and ICC profile', bytes: camera },
    { name: 'bytes after EOI', bytes: Buffer.concat([camera, Buffer.from('a trailer of some camera')]) },
    { name: 'truncated', bytes: camera.subarray(0, -100) },
  ];
}
