import { readFileSync } from 'node:fs';

/** What a text form may not contain, since it would let two machines compute different bits. */
const FORBIDDEN: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/\(import\b/, 'an import'],
  [/\brelaxed_/, 'a relaxed SIMD instruction'],
  [/\bshared\b|\batomic\./, 'shared memory'],
];

/** What speaks against dist/engine.wasm and its text form giving the same bits in every engine; nothing, normally. */
export function engineFaults(): string[] {
  const built = (name: string): URL => new URL(`../../dist/${name}`, import.meta.url);
  const text = readFileSync(built('engine.wat'), 'utf8');
  const faults = FORBIDDEN.filter(([pattern]) => pattern.test(text)).map(([, name]) => `engine.wat has ${name}`);
  if (!text.includes('f32x4.mul')) faults.push('engine.wat is not the text of an engine with SIMD');
  const imports = WebAssembly.Module.imports(new WebAssembly.Module(readFileSync(built('engine.wasm'))));
  return [...faults, ...imports.map(({ module, name }) => `engine.wasm imports ${module}.${name}`)];
}
