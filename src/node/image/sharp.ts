import { createRequire } from 'node:module';
import type Sharp from 'sharp';

/** The CommonJS build of sharp: the other one needs import attributes, which Node before 20.10 cannot parse. */
export const sharp = createRequire(import.meta.url)('sharp') as typeof Sharp;
