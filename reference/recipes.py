"""docs/format/recipes.md: rebuilds a source file from its samples, its metadata and a recipe."""

import struct
import zlib

import numpy as np

from . import deflate, reading, recipe_formats

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
METHODS = 5
MAX_COUNT = 1 << 20


class Stream:
    def __init__(self, method, description, lengths):
        self.method, self.description, self.lengths = method, description, lengths


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
        method, description = reader.varint(METHODS - 1), block(reader)
        return Stream(method, description, read_runs(reader, reader.varint))

    streams = read_runs(reader, read_stream)
    gaps = read_runs(reader, reader.varint)
    reading.require(number <= 4, "the format of a recipe is undefined")
    source = [PngSource, *recipe_formats.SOURCES][number]
    size = samples.size * (2 if header.depth == 16 else 1)
    limit = 4 * size + (1 << 20)
    reading.require(length <= limit + (1 << 27), "the source of a recipe is too long")
    image = source(samples, header, metadata, parameters, limit)
    parameters.end("the parameters of a recipe")
    reading.require(image.methods(streams), "the streams of a recipe do not fit its format")
    parts = []
    for i, stream in enumerate(streams):
        data = encode_stream(stream, image.packed(i), limit)
        parts += cut(data, stream.lengths)
    reading.require(len(parts) == len(gaps), "a recipe has another number of gaps than of parts")
    skeleton_length = length - sum(map(len, parts))
    reading.require(0 <= skeleton_length <= 1 << 27 and sum(gaps) <= skeleton_length, "a recipe does not fit its source")
    dictionary = image.dictionary(parts, gaps)
    skeleton = reading.Reader(read_skeleton(reader, skeleton_length, dictionary))
    out = []
    for gap, part in zip(gaps, parts):
        out += [skeleton.bytes(gap), part]
    return b"".join([*out, skeleton.rest()])


def cut(data, lengths):
    parts, at = [], 0
    for length in lengths:
        parts.append(data[at : at + length])
        at += length
    parts.append(data[at:])
    reading.require(all(parts) and sum(map(len, parts)) == len(data), "the parts of a stream do not fit it")
    return parts


def read_skeleton(reader, length, dictionary):
    out = bytearray()
    while len(out) < length:
        out += block(reader)
        if len(out) < length:
            count, position = reader.varint(), reader.varint()
            reading.require(count >= 8 and position + count <= len(dictionary), "a copy leaves the dictionary")
            out += dictionary[position : position + count]
    reading.require(len(out) == length, "the skeleton is longer than it can be")
    reader.end("a recipe")
    return bytes(out)


def encode_stream(stream, packed, limit):
    if stream.method == 0:
        reading.require(len(stream.description) == 0, "a copy has no description")
        result = packed
    elif stream.method == 1:
        result = deflate.rebuild(stream.description, packed)
    elif stream.method == 2:
        result = recipe_formats.lzw(reading.Reader(stream.description), packed)
    elif stream.method == 3:
        result = recipe_formats.gif_image_data(stream.description, packed)
    else:
        result = recipe_formats.packbits(reading.Reader(stream.description), packed)
    reading.require(len(result) <= limit, "a stream is too long")
    return result


# --- PNG ---

ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


class PngSource:
    def __init__(self, samples, header, metadata, parameters, limit):
        self.header, self.metadata = header, metadata
        self.interlaced = parameters.byte()
        reading.require(self.interlaced <= 1, "the interlacing of a recipe is invalid")
        passes = [samples]
        if self.interlaced:
            passes = [samples[y::dy, x::dx] for x, y, dx, dy in ADAM7]
        rows = [pack_rows(part, header.depth) for part in passes if part.size > 0]
        pixel = max(1, header.channels * header.depth // 8)
        self.filtered = deflate.filter_rows(rows, pixel, parameters.rest())

    def methods(self, streams):
        return len(streams) == 1 and streams[0].method == 1

    def packed(self, i):
        return self.filtered

    def dictionary(self, parts, gaps):
        header, metadata = self.header, self.metadata
        colour_type = 3 if header.indexed else (0, 4, 2, 6)[header.channels - 1]
        ihdr = struct.pack(
            ">IIBBBBB", header.width, header.height, header.depth, colour_type, 0, 0, self.interlaced
        )  # fmt: skip
        out = [PNG_SIGNATURE, png_chunk(b"IHDR", ihdr)]
        out += [png_chunk(kind, data) for kind, data in metadata.before]
        for part in parts:
            whole = png_chunk(b"IDAT", part)
            out += [whole[:8], whole[-4:]]
        out += [png_chunk(kind, data) for kind, data in metadata.after]
        return b"".join([*out, png_chunk(b"IEND", b""), metadata.trailing])


def png_chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def pack_rows(samples, depth):
    """Rows [height][bytes]: the first sample in the most significant bits, 16 bits big endian."""
    height = samples.shape[0]
    rows = samples.reshape(height, -1)
    if depth >= 8:
        return np.ascontiguousarray(rows.astype(">u2" if depth == 16 else np.uint8)).view(np.uint8).reshape(height, -1)
    bits = rows[..., None] >> np.arange(depth)[::-1] & 1
    return np.packbits(bits.reshape(height, -1).astype(np.uint8), axis=1)
