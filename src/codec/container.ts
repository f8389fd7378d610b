/** The .prnn container: bytes <-> structure, without the engine. */
export { containerOverhead, encodeContainer } from './container-encode.js';
export { decodeContainer } from './container-decode.js';
export type { Container, ContainerHeader, TileChunk } from './container-layout.js';
