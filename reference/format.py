"""docs/FORMAT.md up to "Models": the layout of a file, its tiles, and what a decoder must reject."""

import collections
import hashlib
import struct
import zlib

import numpy as np

from . import jpeg, jpeg_record, origins, palette, recipes
from .models import decode_part
from .parity import without_trailer
from .reading import Reader, decompress, packed_length, require, unpack

MAGIC = b"\x8f\x70"
VERSION = 1
EXTENSIONS = [
    ("png", "89504E470D0A1A0A"), ("apng", "89504E470D0A1A0A"), ("tif", "49492A00"), ("tif", "4D4D002A"),
    ("tiff", "49492A00"), ("tiff", "4D4D002A"), ("bmp", "424D"), ("dib", "424D"), ("gif", b"GIF89a".hex()),
    ("gif", b"GIF87a".hex()), ("webp", b"RIFF".hex()), ("pbm", b"P4".hex()), ("pbm", b"P1".hex()),
    ("pgm", b"P5".hex()), ("pgm", b"P2".hex()), ("ppm", b"P6".hex()), ("ppm", b"P3".hex()), ("pnm", b"P6".hex()),
    ("pnm", b"P5".hex()), ("pam", b"P7".hex()), ("jpg", "FFD8FF"), ("jpeg", "FFD8FF"), ("jpe", "FFD8FF"),
    ("jfif", "FFD8FF"),
]  # fmt: skip
PIXELS, JPEG, STORED = 0, 1, 2
MAX_METADATA = 64 << 20


# --- Header ---
class Header:
    def __init__(self, reader):
        require(reader.bytes(2) == MAGIC, "this is no .prnn file")
        first = reader.byte()
        require(first & 31 == 15 + VERSION, f"number {first & 31} is not that of version {VERSION}")
        self.kind = first >> 5 & 3
        require(self.kind != 3, "kind 3 is invalid")
        has_format = first >> 7
        require(self.kind == PIXELS or self.kind == STORED or not has_format, "a JPEG file has no format byte")
        self.preview_bytes, self.extension = 0, None
        if self.kind == STORED:
            self._extension(reader)
            self._size(reader)
            if has_format:
                self.preview_bytes = self._preview(reader)
                reader.check(0, "the header")
            return
        fmt = reader.byte() if has_format else 0x0E
        require(not has_format or fmt != 0x0E, "the format byte 0E is invalid")
        coding = reader.byte()
        require(fmt >> 6 == 0 and coding >> 7 == 0, "reserved bits are set")
        self.channels = (fmt & 3) + 1
        require(fmt >> 2 & 7 <= 4, "the depth is invalid")
        self.depth = 1 << (fmt >> 2 & 7)
        self.indexed = fmt >> 5 & 1
        require(self.depth >= 8 or self.channels == 1, "depths below 8 require one channel")
        require(not self.indexed or (self.channels == 1 and self.depth <= 8), "indices require one channel of 8 bits")
        self.effort = coding & 7
        has_rgb, has_gray, self.restores = coding >> 3 & 1, coding >> 4 & 1, coding >> 5 & 1
        require(not has_rgb or self.channels >= 3, "an RGB model requires three channels")
        if self.kind == JPEG:
            require(coding & 0x38 == 0x20 and 1 <= self.effort <= 3, "the coding of a JPEG file is invalid")
        else:
            require((1 <= self.effort <= 4) if has_rgb or has_gray else self.effort == 0, "the effort is invalid")
        if self.restores:
            self._extension(reader)
        self._size(reader)
        self.rgb_model = self._model(reader) if has_rgb else None
        self.gray_model = self._model(reader) if has_gray else None
        if coding >> 6 & 1:
            self.preview_bytes = self._preview(reader)
        reader.check(0, "the header")

    def _extension(self, reader):
        byte = reader.byte()
        require(byte & 63 < len(EXTENSIONS), "the extension is not in the list")
        require(self.kind == STORED or not byte & 64, "only stored sources omit their signature")
        name, signature = EXTENSIONS[byte & 63]
        self.extension = name.upper() if byte & 128 else name
        self.signature = bytes.fromhex(signature) if byte & 64 else b""

    def _size(self, reader):
        self.width, self.height = reader.varint(), reader.varint()
        require(1 <= min(self.width, self.height), "the width or the height is 0")
        require(max(self.width, self.height) < 1 << 31, "the width or the height is too large")

    def _model(self, reader):
        number = reader.byte()
        return number if number else bytes(reader.bytes(8))

    def _preview(self, reader):
        length = reader.varint(65535)
        require(length > 0, "the preview is empty")
        return length


# --- File ---


# What a file decodes to: samples [height][width][channels], or the source file, or both.
Decoded = collections.namedtuple("Decoded", ["samples", "source", "header"])


def decode_file(data, models, restore=True, max_pixels=100_000_000):
    """`models` finds a model by what the header names; `restore` rebuilds the source file where there is a recipe."""
    reader = Reader(without_trailer(bytes(data)))
    header = Header(reader)
    require(header.width * header.height <= max_pixels, "the image has too many pixels")
    if header.preview_bytes:
        reader.bytes(header.preview_bytes + 2)  # its check does not matter
    if header.kind == STORED:
        start = reader.at if header.preview_bytes else 0
        source = reader.bytes(len(reader.data) - reader.at - 4)
        reader.check(start, "the source", 4)
        return Decoded(None, header.signature + source, header)
    if header.kind == JPEG:
        return Decoded(None, decode_jpeg(reader, header), header)
    return PixelFile(reader, header, models).decode(restore)


def chunk(reader, kind):
    """The payload of a chunk of this type; None if another one follows."""
    start = reader.at
    if reader.data[start : start + 1] != kind:
        return None
    reader.byte()
    payload = reader.bytes(reader.varint())
    reader.check(start, f"a chunk of type {kind}")
    return payload


def need_chunk(reader, kind):
    payload = chunk(reader, kind)
    require(payload is not None, "the type of a chunk is not allowed at its position")
    return payload


def decode_jpeg(reader, header):
    payload = need_chunk(reader, b"J")
    reader_of_records = Reader(decompress(payload, (1 << 28) + (1 << 22)))
    records = jpeg_record.Record(reader_of_records)
    reader_of_records.end("the records")
    images = records.all_images()
    structures = sum(len(image.reader.data) for image in images)
    require(len(images) <= 256 and structures <= 1 << 21, "the record has too many images or too long structures")
    outer = records.shape
    require((outer.width, outer.height) == (header.width, header.height), "the header states another size")
    coefficients = [jpeg.decode_coefficients(need_chunk(reader, b"C"), image.shape, header.effort) for image in images]
    source = jpeg_record.rebuild(records, coefficients)
    require(reader.rest() == hashlib.sha256(source).digest(), "the digest does not match")
    return source


class PixelFile:
    """A file of kind `pixels`, behind its header and preview."""

    def __init__(self, reader, header, models):
        self.reader, self.header = reader, header
        self.depth, self.effort = header.depth, header.effort
        self.rgb = self._model(models, header.rgb_model, 3)
        self.gray = self._model(models, header.gray_model, 1)

    def _model(self, models, reference, channels):
        if reference is None:
            return None
        model = models(reference)
        require(model.channels == channels, "a model has another number of channels")
        return model

    def decode(self, restore):
        reader, header = self.reader, self.header
        metadata = []
        while (payload := chunk(reader, b"M")) is not None:
            metadata.append(payload)
        recipe = need_chunk(reader, b"X") if header.restores else None
        bitmaps = chunk(reader, b"V")
        self.alphabet = self._alphabet(bitmaps) if bitmaps is not None else None
        grid = tile_grid(header.width, header.height)
        small = self._small_images(grid)
        samples = np.zeros((header.height, header.width, header.channels), np.int64)
        for i, (x, y, w, h) in enumerate(grid):
            samples[y : y + h, x : x + w] = self._tile([images[i] for images in small], w, h, len(grid) > 1)
        digest = hashlib.sha256(sample_bytes(samples, header.depth)).digest()[:16]
        require(reader.bytes(16) == digest, "the digest does not match")
        source = None
        if recipe is not None:
            source_digest = reader.bytes(32)
            if restore:
                require(len(metadata) <= 1, "there is a second chunk of metadata")
                source = recipes.rebuild(recipe, samples, header, Metadata(metadata[0] if metadata else None, header))
                require(hashlib.sha256(source).digest() == source_digest, "the source digest does not match")
        reader.end("the digest")
        return Decoded(samples, source, header)

    # --- Alphabet chunk ---
    def _alphabet(self, payload):
        size = max(1, (1 << self.depth) // 8)
        bitmaps = decompress(payload, size * self.header.channels)
        require(len(bitmaps) == size * self.header.channels, "the alphabet has another length")
        alphabet = []
        for c in range(self.header.channels):
            bits = np.unpackbits(np.frombuffer(bitmaps, np.uint8, size, c * size), bitorder="little")
            values = np.flatnonzero(bits)
            require(values.size > 0 and values[-1] < 1 << self.depth, "an alphabet is invalid")
            alphabet.append(values)
        return alphabet

    # --- Small images ---
    def _small_images(self, grid):
        colours = self.rgb if self.header.channels >= 3 else self.gray
        scales = colours.scales if colours is not None else 1
        chunks = []
        for scale in range(scales - 1):
            payloads = []
            start = self.reader.at
            require(self.reader.bytes(1) == b"L", "small images are missing")
            for _, _, w, h in grid:
                payload = self.reader.bytes(self.reader.varint())
                factor = colours.total_factor(scale)
                samples = -(-w // factor) * -(-h // factor) * colours.channels
                require(len(payload) <= packed_length(samples, self.depth), "a small image is too long")
                payloads.append(payload)
            self.reader.check(start, "small images")
            chunks.append(payloads)
        return chunks

    # --- Tile chunk ---
    def _tile(self, small, width, height, has_crc):
        reader, header = self.reader, self.header
        start = reader.at
        kind = reader.bytes(1)
        length = reader.varint()
        crc = reader.number(4) if has_crc else None
        payload = Reader(reader.bytes(length))
        reader.check(start, "a tile")
        self.width, self.height, self.small = width, height, small
        self.used_small = False
        if kind == b"S":
            tile = self._split(payload)
        else:
            code = b"TIRP".find(kind)
            require(code >= 0, "the type of a tile is invalid")
            require(code in (1, 2) or header.channels in (1, 3), "alpha is coded apart")
            tile = self._part(code, payload.rest(), header.channels, 0)
        require(self.used_small or not any(small), "a small image has no tile")
        if has_crc:
            require(zlib.crc32(sample_bytes(tile, self.depth)) == crc, "the samples CRC of a tile does not match")
        return tile

    def _split(self, payload):
        header = self.header
        kinds = payload.byte()
        alpha_code, colour_code, hidden, gray = kinds & 3, kinds >> 2 & 3, kinds >> 4 & 1, kinds >> 5 & 1
        has_alpha = header.channels in (2, 4)
        require(kinds >> 6 == 0, "reserved bits are set")
        require((alpha_code < 3) == has_alpha, "the kind of alpha is invalid")
        require(not gray or header.channels >= 3, "only RGB can be gray")
        require(has_alpha or gray, "a tile without alpha is not split")
        channels = 1 if gray or header.channels < 3 else 3
        model = self.rgb if channels == 3 else self.gray
        known = None
        if hidden:
            require(has_alpha and colour_code == 0 and model is not None and model.is_photo, "no hidden colour here")
            colour = np.array([payload.number(2 if self.depth == 16 else 1) for _ in range(channels)])
            require((colour < 1 << self.depth).all(), "the hidden colour is invalid")
        tile = np.zeros((self.height, self.width, header.channels), np.int64)
        if has_alpha:
            part = payload.bytes(payload.varint())
            alpha = self._part(alpha_code, part, 1, header.channels - 1, is_alpha=True)
            tile[..., -1] = alpha[..., 0]
            if hidden:
                known = (alpha[..., 0] == 0, colour)
        colours = self._part(colour_code, payload.rest(), channels, 0, known=known, apart=bool(gray))
        tile[..., : header.channels - has_alpha] = colours  # a gray channel for all three
        return tile

    def _part(self, code, payload, channels, first, known=None, is_alpha=False, apart=False):
        """Samples [height][width][channels] of a part; `first` is its first channel in the image."""
        w, h, depth = self.width, self.height, self.depth
        bound = packed_length(w * h * channels, depth)
        require(len(payload) == bound if code == 2 else len(payload) <= bound, "the length of a payload is invalid")
        if code == 2:
            return unpack(payload, depth, (h, w, channels))
        if code == 1:
            return palette.decode_tile(payload, w, h, channels, depth)
        model = self.rgb if channels == 3 else self.gray
        if code == 3:
            require(depth == 8 and not is_alpha, "planes are only for colours of 8 bits")
            return origins.decode_tile(self, payload, channels)
        require(model is not None, "a part is coded with a model that the header does not name")
        require(model.codes_depth(depth), "a model does not support the depth")
        alphabet = self.alphabet[first : first + channels] if self.alphabet and model.is_photo else None
        small = []
        if model.scales > 1:
            require(not is_alpha and not apart, "a multi-scale model codes only the colours of an image")
            require(all(self.small), "a small image is missing")
            small, self.used_small = self.small, True
        return decode_part(model, [*small, payload], w, h, depth, self.effort, alphabet, known)


# --- Samples ---
def sample_bytes(samples, depth):
    return samples.astype(">u2" if depth == 16 else np.uint8).tobytes()


# --- Metadata chunk ---
class Metadata:
    """Records (type, data) of PNG chunks before and after the image, and the bytes after the IEND chunk."""

    def __init__(self, payload, header):
        self.before, self.after, self.trailing = [], [], b""
        if payload is None:
            return
        require(payload[:1] == b"\x01", "the kind of metadata is unknown")
        reader = Reader(decompress(payload[1:], MAX_METADATA))
        records, count = self.before, 0
        while reader.at < len(reader.data):
            length, kind = struct.unpack(">I4s", reader.bytes(8))
            data = reader.bytes(length)
            count += 1
            require(count <= 65536 and kind not in (b"acTL", b"fcTL", b"fdAT"), "a record of metadata is not allowed")
            if kind == b"IDAT":
                require(records is self.before and length == 0, "a record is not allowed at its position")
                records = self.after
            elif kind == b"IEND":
                self.trailing = data
                reader.end("the metadata")
            else:
                require(kind.isalpha() and (kind[0] & 32 or kind == b"PLTE"), "a record is not allowed")
                is_early = records is self.before or kind not in (b"PLTE", b"tRNS")
                require(is_early, "a record is not allowed at its position")
                records.append((kind, data))
        require(count > 0, "there is no record of metadata")
        require(not header.indexed or len(self.chunks(b"PLTE")) == 1, "a palette image has one palette")

    def chunks(self, kind):
        return [data for name, data in [*self.before, *self.after] if name == kind]


# --- Tile grid ---
def tile_grid(width, height):
    """(x, y, width, height) of the tiles, in order."""
    columns = -(-width // 1024)
    xs = [i * width // columns for i in range(columns + 1)]
    rows = -(-height // ((1 << 20) // -(-width // columns)))
    ys = [j * height // rows for j in range(rows + 1)]
    return [(x, y, x1 - x, y1 - y) for y, y1 in zip(ys, ys[1:]) for x, x1 in zip(xs, xs[1:])]
