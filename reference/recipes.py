"""docs/format/recipes.md: rebuilds a source file from its samples, its metadata and a recipe."""

import collections
import struct
import zlib

from . import deflate, reading, recipe_formats

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
MAX_COUNT = 1 << 18
Stream = collections.namedtuple("Stream", ["method", "description", "lengths"])


def read_runs(reader, read_item):
    """A list of runs."""
    items = []
    for _ in range(reader.varint()):
        item, count = read_item(), reader.varint()
        reading.require(count > 0 and len(items) + count <= MAX_COUNT, "a run of a recipe is invalid")
        items += [item] * count
    return items


def block(reader):
    return reader.bytes(reader.varint())


def rebuild(payload, samples, header, metadata):
    """The bytes of the source file."""
    reader = reading.Reader(reading.decompress(payload, 1 << 28))
    number, length = reader.varint(), reader.varint()
    parameters = reading.Reader(block(reader))

    def read_stream():
        return Stream(reader.varint(4), block(reader), read_runs(reader, reader.varint))

    streams = read_runs(reader, read_stream)
    gaps = read_runs(reader, reader.varint)
    source = [PngSource, *recipe_formats.SOURCES][number]
    limit = 4 * samples.size * (2 if header.depth == 16 else 1) + (1 << 20)
    reading.require(length <= limit + (1 << 27), "the source of a recipe is too long")
    image = source(samples, header, metadata, parameters, limit)
    parameters.end("the parameters of a recipe")
    reading.require(image.methods(streams), "the streams of a recipe do not fit its format")
    parts = []
    for i, stream in enumerate(streams):
        parts += cut(encode_stream(stream, image.packed(i)), stream.lengths)
    skeleton_length = length - sum(map(len, parts))
    skeleton = reading.Reader(read_skeleton(reader, skeleton_length, image.dictionary(parts, gaps)))
    reader.end("a recipe")
    out = [skeleton.bytes(gap) + part for gap, part in zip(gaps, parts, strict=True)]
    return b"".join([*out, skeleton.rest()])


def cut(data, lengths):
    reader = reading.Reader(data)
    return [*map(reader.bytes, lengths), reader.rest()]


def read_skeleton(reader, length, dictionary):
    out = bytearray()
    while len(out) < length:
        out += block(reader)
        if len(out) < length:
            count, position = reader.varint(), reader.varint()
            reading.require(count >= 8 and position + count <= len(dictionary), "a copy leaves the dictionary")
            out += dictionary[position : position + count]
    return bytes(out)


def encode_stream(stream, packed):
    description = reading.Reader(stream.description)
    if stream.method == recipe_formats.COPY:
        return packed
    if stream.method == recipe_formats.ZLIB:
        return deflate.rebuild(stream.description, packed)
    if stream.method == recipe_formats.TIFF_LZW:
        return recipe_formats.lzw(description, packed)
    if stream.method == recipe_formats.GIF_LZW:
        return recipe_formats.gif_image_data(stream.description, packed)
    return recipe_formats.packbits(description, packed)


# --- PNG ---

ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


class PngSource:
    def __init__(self, samples, header, metadata, parameters, limit):
        self.header, self.metadata = header, metadata
        self.interlaced = parameters.byte()
        passes = [samples[y::dy, x::dx] for x, y, dx, dy in ADAM7] if self.interlaced else [samples]
        rows = [recipe_formats.pack(part, header.depth) for part in passes if part.size > 0]
        pixel = max(1, header.channels * header.depth // 8)
        self.filtered = deflate.filter_rows(rows, pixel, parameters.rest())

    def methods(self, streams):
        return len(streams) == 1 and streams[0].method == 1

    def packed(self, i):
        return self.filtered

    def dictionary(self, parts, gaps):
        header, metadata = self.header, self.metadata
        colour_type = 3 if header.indexed else (0, 4, 2, 6)[header.channels - 1]
        fields = header.width, header.height, header.depth, colour_type, 0, 0, self.interlaced
        out = [PNG_SIGNATURE, png_chunk(b"IHDR", struct.pack(">IIBBBBB", *fields))]
        out += [png_chunk(kind, data) for kind, data in metadata.before]
        for part in parts:
            whole = png_chunk(b"IDAT", part)
            out += [whole[:8], whole[-4:]]
        out += [png_chunk(kind, data) for kind, data in metadata.after]
        return b"".join([*out, png_chunk(b"IEND", b""), metadata.trailing])


def png_chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
