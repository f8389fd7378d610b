import { compileEngine } from './engine.js';
import { compilePaletteCoder } from './palette-coder.js';

/** The compiled coders that every image may need; every worker creates its own instances. */
export interface CoderModules {
  readonly engine: WebAssembly.Module;
  readonly paletteCoder: WebAssembly.Module;
}

/** Compiles the coders; the modules can be sent to worker threads. */
export async function compileCoders(): Promise<CoderModules> {
  const [engine, paletteCoder] = await Promise.all([compileEngine(), compilePaletteCoder()]);
  return { engine, paletteCoder };
}
