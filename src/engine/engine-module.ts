import { host } from '../host/host.js';
import type { TileLimits } from './tile-limits.js';

/** The exports of `assembly/index.ts`. */
export interface EngineExports extends TileLimits {
  readonly memory: WebAssembly.Memory;
  specAt(): number;
  samplesAt(): number;
  smallAt(): number;
  setSmallHeight(rows: number): void;
  streamAt(): number;
  knownAt(): number;
  weightsAt(): number;
  intervalsAt(): number;
  intervalCount(): number;
  mixerStateAt(): number;
  mixerStateLength(): number;
  keepMixerState(): void;
  configure(architecture: number): number;
  prepare(hasMixerState: number): void;
  start(
    mode: number,
    width: number,
    channels: number,
    depth: number,
    gainBits: number,
    streamLength: number,
    flags: number,
  ): void;
  setTemperature(temperature: number): void;
  limitValues(channel: number, count: number): void;
  codeRows(from: number, to: number): void;
  finish(): number;
  encodedBytes(): number;
  bytesToDecode(): number;
  extendStream(length: number): void;
  codeLengthOf(channel: number): number;
  modelCodeLengthOf(channel: number): number;
}

/** Compiles the engine; the module can be sent to worker threads. */
export async function compileEngine(): Promise<WebAssembly.Module> {
  return WebAssembly.compile(await host().readAsset('engine.wasm'));
}
