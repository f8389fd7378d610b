/** The .prnn container: conversion between bytes and structure, without the engine. */
export {
  type ByteCounts,
  countBytes,
  countJpegBytes,
  countStoredBytes,
  encodeContainer,
  encodeJpegFile,
  encodeStored,
  metadataLength,
  restorationLength,
  storedLength,
} from './container-encode.js';
export {
  type DecodeContainerOptions,
  decodeContainerStart,
  decodeHeader,
  decodePreview,
  parseUnprotected,
  unprotectedLength,
} from './container-decode.js';
export { decodeContainer, parseFile, parseProtected } from './parse-file.js';
export {
  type Container,
  type ContainerHeader,
  countRepresentations,
  type EmbeddedPreview,
  type FileParity,
  FORMAT_VERSION,
  isStored,
  type JpegFile,
  type PrnnFile,
  type RepresentationCounts,
  type Restoration,
  type StoredFile,
  type StoredImage,
  type TileChunk,
  type TilePart,
  VERSION_NUMBER,
} from './container-layout.js';
