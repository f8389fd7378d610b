import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { npmPackage } from './packages.js';

/**
 * Returns a directory for NODE_PATH with the binary of sharp for another platform, such as `win32-x64`, which the checkout lacks; null if npm
 * cannot install it.
 */
export function sharpBinary(platform: string, flags: readonly string[]): string | null {
  const folder = npmPackage(`@img/sharp-${platform}@${sharp.versions.sharp}`, flags);
  return folder && dirname(join(folder, '..'));
}
