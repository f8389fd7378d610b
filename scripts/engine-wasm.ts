import { readFileSync } from 'node:fs';

/** Instructions that could give different bits on different machines, as patterns of the text format. */
const FORBIDDEN: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/\(import\b/, 'an import'],
  [/\brelaxed_/, 'a relaxed SIMD instruction'],
  [/\bshared\b|\batomic\./, 'shared memory'],
];

/** Returns what could make the wasm files in dist/ give different bits in different engines; normally nothing. */
export function engineFaults(): string[] {
  const built = (name: string): URL => new URL(`../../dist/${name}`, import.meta.url);
  return ['engine', 'palette', 'packing', 'jpeg'].flatMap((name) => {
    const text = readFileSync(built(`${name}.wat`), 'utf8');
    const faults = FORBIDDEN.filter(([pattern]) => pattern.test(text)).map(([, fault]) => `${name}.wat has ${fault}`);
    if (!text.includes('f64.mul') && !text.includes('i32.mul')) faults.push(`${name}.wat is not the text of a coder`);
    const imports = WebAssembly.Module.imports(new WebAssembly.Module(readFileSync(built(`${name}.wasm`))));
    return [...faults, ...imports.map((entry) => `${name}.wasm imports ${entry.module}.${entry.name}`)];
  });
}
