/** The .prnn container: conversion between bytes and structure, without the engine. */
export { type ByteCounts, countBytes, encodeContainer, metadataLength } from './container-encode.js';
export {
  decodeContainer,
  type DecodeContainerOptions,
  decodeContainerStart,
  decodeHeader,
} from './container-decode.js';
export {
  type Container,
  type ContainerHeader,
  countRepresentations,
  isPngStream,
  type PngStream,
  type RepresentationCounts,
  type TileChunk,
  type TilePart,
  VERSION,
} from './container-layout.js';
