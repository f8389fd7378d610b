import { createRequire } from 'node:module';
import type Sharp from 'sharp';

/** sharp's CommonJS build: its ES module needs import attributes, which Node.js before 20.10 cannot parse. */
export const sharp = createRequire(import.meta.url)('sharp') as typeof Sharp;
