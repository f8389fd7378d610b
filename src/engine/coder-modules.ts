import { compileEngine } from './engine.js';
import { compileJpegCoder } from './jpeg-coder.js';
import { compilePaletteCoder } from './palette-coder.js';

/** The compiled coders; every worker creates its own instances. */
export interface CoderModules {
  readonly engine: WebAssembly.Module;
  readonly paletteCoder: WebAssembly.Module;
  readonly jpegCoder: WebAssembly.Module;
}

/** Compiles the coders; the modules can be sent to worker threads. */
export async function compileCoders(): Promise<CoderModules> {
  const [engine, paletteCoder, jpegCoder] = await Promise.all([
    compileEngine(),
    compilePaletteCoder(),
    compileJpegCoder(),
  ]);
  return { engine, paletteCoder, jpegCoder };
}
