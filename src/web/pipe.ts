/**
 * Returns what a stream makes of bytes. It reads no Blob, unlike the usual `new Blob([bytes]).stream()`: WebKit's workers
 * cannot, if the page was opened from disk.
 */
export async function pipe(
  bytes: Uint8Array<ArrayBuffer>,
  transform: CompressionStream | DecompressionStream,
): Promise<Uint8Array<ArrayBuffer>> {
  const { body } = new Response(bytes);
  return new Uint8Array(await new Response(body!.pipeThrough(transform)).arrayBuffer());
}
