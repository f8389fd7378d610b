import { readFileSync } from 'node:fs';

/** What a text form may not contain, since it would let two machines compute different bits. */
const FORBIDDEN: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/\(import\b/, 'an import'],
  [/\brelaxed_/, 'a relaxed SIMD instruction'],
  [/\bshared\b|\batomic\./, 'shared memory'],
];

/** What speaks against the wasm files in dist/ and their text forms giving the same bits in every engine; nothing, normally. */
export function engineFaults(): string[] {
  const built = (name: string): URL => new URL(`../../dist/${name}`, import.meta.url);
  return ['engine', 'palette'].flatMap((name) => {
    const text = readFileSync(built(`${name}.wat`), 'utf8');
    const faults = FORBIDDEN.filter(([pattern]) => pattern.test(text)).map(([, fault]) => `${name}.wat has ${fault}`);
    if (!text.includes('f64.mul') && !text.includes('i32.mul')) faults.push(`${name}.wat is not the text of a coder`);
    const imports = WebAssembly.Module.imports(new WebAssembly.Module(readFileSync(built(`${name}.wasm`))));
    return [...faults, ...imports.map((entry) => `${name}.wasm imports ${entry.module}.${entry.name}`)];
  });
}
