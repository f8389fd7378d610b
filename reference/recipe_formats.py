"""docs/format/recipe-formats.md: BMP, PNM, GIF and TIFF files, and the streams LZW and PackBits."""

import zlib

import numpy as np

from . import reading

COPY, ZLIB, TIFF_LZW, GIF_LZW, PACKBITS = range(5)


def scaled(s, a, b):
    """`round` of the document."""
    return (2 * s * a + b) // (2 * b)


def pack(rows, depth, order="big"):
    """Bytes of rows of samples [rows][samples], each row padded."""
    if depth >= 8:
        kind = np.uint8 if depth == 8 else ">u2" if order == "big" else "<u2"
        return np.ascontiguousarray(rows.astype(kind)).view(np.uint8).reshape(len(rows), -1)
    bits = rows[..., None] >> np.arange(depth)[::-1] & 1
    return np.packbits(bits.reshape(len(rows), -1).astype(np.uint8), axis=1)


def read_corrections(reader):
    """(position, value) of corrected bytes."""
    corrections, at = [], -1
    for _ in range(reader.varint()):
        at += reader.varint() + 1
        corrections.append((at, reader.byte()))
    return corrections


def corrected(data, corrections):
    out = bytearray(data)
    for at, value in corrections:
        out[at] = value
    return bytes(out)


class Source:
    """A source file with one stream of one part, of the method `method`."""

    method = COPY

    def __init__(self, samples, header, metadata, parameters, limit):
        self.samples, self.header, self.metadata, self.limit = samples, header, metadata, limit
        self.read(parameters)

    def methods(self, streams):
        return len(streams) == 1 and streams[0].method == self.method and not streams[0].lengths

    def palette(self):
        chunks = self.metadata.chunks(b"PLTE")
        return np.frombuffer(chunks[0], np.uint8).reshape(-1, 3) if chunks else np.zeros((0, 3), np.uint8)


# --- BMP ---
class BmpSource(Source):
    def read(self, parameters):
        self.top_down, self.bits = parameters.varint(1), parameters.varint(32)
        self.masks = [parameters.varint() for _ in range(4)] if self.bits > 8 else None
        self.corrections = read_corrections(parameters)

    def packed(self, i):
        samples = self.samples if self.top_down else self.samples[::-1]
        if self.masks is None:
            rows = pack(samples[..., 0], self.bits)
        else:
            pixels = np.zeros(samples.shape[:2], np.int64)
            for c, mask in enumerate(self.masks[: self.header.channels]):
                k = (mask & -mask).bit_length() - 1
                pixels |= scaled(samples[..., c], mask >> k, 255) << k
            rows = (pixels[..., None] >> 8 * np.arange(self.bits // 8) & 255).reshape(len(samples), -1)
        rows = np.pad(rows, ((0, 0), (0, -rows.shape[1] % 4)))
        return corrected(rows.astype(np.uint8).tobytes(), self.corrections)

    def dictionary(self, parts, gaps):
        bgr = self.palette()[:, ::-1]
        tables = [np.pad(bgr, ((0, 0), (0, 1)), constant_values=value).tobytes() for value in (0, 255)]
        return b"".join([*tables, bgr.tobytes(), extras(self.metadata)])


# --- PNM ---
class PnmSource(Source):
    def read(self, parameters):
        self.maximum, self.bitmap, self.text = parameters.varint(65535), parameters.varint(1), parameters.varint(1)
        if self.text:
            self.per_line, self.bytes = parameters.varint(1 << 31), parameters.varint()
            self.flags = parameters.varint(7)
        self.corrections = read_corrections(parameters)

    def packed(self, i):
        values = scaled(self.samples, self.maximum, (1 << self.header.depth) - 1)
        if self.bitmap:
            values = 1 - values
        rows = values.reshape(self.header.height, -1)
        if self.text:
            data = self._text(rows)
        else:
            data = pack(rows, 1 if self.bitmap else 16 if self.maximum > 255 else 8).tobytes()
        return corrected(data, self.corrections)

    def _text(self, rows):
        out, line, used = [], 0, 0
        channels, texts = self.header.channels, [str(value) for value in rows.reshape(-1).tolist()]
        for at, text in enumerate(texts, 1):
            line, used = line + 1, used + len(text) + 1
            out.append(text)
            ends = line == self.per_line or at == len(texts) or (self.flags & 1 and at % rows.shape[1] == 0)
            if self.bytes and at % channels == 0:
                ends = ends or used + sum(len(text) + 1 for text in texts[at : at + channels]) > self.bytes
            if ends:
                out.append(" \n" if self.flags & 4 else "\n")
                line = used = 0
            elif self.flags & 2:
                out.append(" ")
        return "".join(out).encode()

    def dictionary(self, parts, gaps):
        return b""


# --- GIF ---
class GifSource(Source):
    method = GIF_LZW

    def read(self, parameters):
        self.interlaced = parameters.varint(1)
        self.x, self.y, self.width, self.height = (parameters.varint() for _ in range(4))

    def packed(self, i):
        frame = self.samples[self.y : self.y + self.height, self.x : self.x + self.width, 0]
        if self.interlaced:
            frame = np.concatenate([frame[start::step] for start, step in ((0, 8), (4, 8), (2, 4), (1, 2))])
        return frame.astype(np.uint8).tobytes()

    def dictionary(self, parts, gaps):
        return self.palette().tobytes() + extras(self.metadata)


# --- TIFF ---
class TiffSource(Source):
    def read(self, parameters):
        flags = parameters.varint(63)
        self.big, self.white, self.planar, self.predictor, self.reverse, self.tiles = (flags >> i & 1 for i in range(6))
        self.padding = parameters.varint(2)
        self.width, self.height = parameters.varint(1 << 31), parameters.varint(1 << 31)
        header = self.header
        self.across = -(-header.width // self.width) if self.tiles else 1
        self.down = -(-header.height // self.height)
        self.planes = header.channels if self.planar else 1
        self.count = self.across * self.down * self.planes
        self.order = [parameters.varint() for _ in range(parameters.varint(1 << 18))] or list(range(self.count))
        self.corrections = {}
        for _ in range(parameters.varint()):
            number = parameters.varint()
            self.corrections[number] = read_corrections(reading.Reader(parameters.bytes(parameters.varint())))

    def methods(self, streams):
        usual = (COPY, ZLIB, TIFF_LZW, PACKBITS)
        return len(streams) == self.count and all(s.method in usual and not s.lengths for s in streams)

    def packed(self, i):
        values, depth = self._segment(self.order[i]), self.header.depth
        if self.predictor:
            values = np.diff(values, axis=1, prepend=np.zeros_like(values[:, :1])) % (1 << depth)
        rows = pack(values.reshape(len(values), -1), depth, "big" if self.big else "little")
        if self.reverse:
            rows = np.packbits(np.unpackbits(rows[..., None], axis=-1)[..., ::-1], axis=-1)
        return corrected(rows.tobytes(), self.corrections.get(i, []))

    def _place(self, segment):
        plane, within = divmod(segment, self.across * self.down)
        return plane, *divmod(within, self.across)

    def _segment(self, segment):
        """Samples [rows][columns][channels] of a segment."""
        header = self.header
        plane, row, column = self._place(segment)
        samples = self.samples[..., plane : plane + 1] if self.planar else self.samples
        if self.white and plane == 0:
            samples = samples.copy()
            samples[..., 0] = (1 << header.depth) - 1 - samples[..., 0]
        y, x = row * self.height, column * self.width
        if not self.tiles:
            return samples[y : min(y + self.height, header.height)]
        reading.require(self.width * self.height <= self.limit, "a segment is too long")
        ys, xs = np.arange(y, y + self.height)[:, None], np.arange(x, x + self.width)
        nearest = samples[np.minimum(ys, header.height - 1), np.minimum(xs, header.width - 1)]
        inside = ((ys < header.height) & (xs < header.width))[..., None]
        if self.padding == 2:
            return nearest
        return np.where(inside, nearest, self._earlier(segment, samples, plane) if self.padding == 1 else 0)

    def _earlier(self, segment, samples, plane):
        """For each place the sample there of the last earlier segment of the plane that has one."""
        result = np.zeros((self.height, self.width, samples.shape[2]), np.int64)
        for other in range(plane * self.across * self.down, segment):
            _, row, column = self._place(other)
            part = samples[row * self.height : (row + 1) * self.height, column * self.width : (column + 1) * self.width]
            result[: part.shape[0], : part.shape[1]] = part
        return result

    def dictionary(self, parts, gaps):
        at, offsets, lengths = 0, [0] * self.count, [0] * self.count
        for segment, gap, part in zip(self.order, gaps, parts):
            offsets[segment], lengths[segment] = at + gap, len(part)
            at += gap + len(part)
        order = ">" if self.big else "<"
        tables = np.array([offsets, lengths])
        out = [tables.astype(f"{order}u{width}").tobytes() for width in (2, 4, 8)]
        palette = self.palette()
        if len(palette):
            colours = np.zeros((1 << self.header.depth, 3), np.int64)
            colours[: len(palette)] = palette[: len(colours)]
            for factor in (257, 256):
                out.append((colours.T * factor).astype(f"{order}u2").tobytes())
        return b"".join([*out, extras(self.metadata)])


SOURCES = [BmpSource, PnmSource, GifSource, TiffSource]

# --- Extras ---
def inflated(data):
    try:
        return zlib.decompressobj().decompress(data, 64 << 20)
    except zlib.error:
        return b""


def extras(metadata):
    out = []
    for data in metadata.chunks(b"iCCP"):
        out.append(inflated(data[data.index(b"\0") + 2 :]))
    for data in metadata.chunks(b"iTXt"):
        keyword, _, rest = data.partition(b"\0")
        if keyword == b"XML:com.adobe.xmp":
            text = rest[2:].split(b"\0", 2)[2]
            out.append(inflated(text) if rest[0] else text)
    out += metadata.chunks(b"eXIf")
    out += [data.partition(b"\0")[2] for data in metadata.chunks(b"tEXt")]
    return b"".join(out)


# --- LZW ---
def lzw(description, values):
    flags, v = description.byte(), description.byte()
    early, ratio, tail, literal = flags >> 1 & 1, flags >> 3 & 1, flags >> 4 & 3, flags >> 6 & 1
    period = description.varint()
    exceptions = [(description.varint(), description.varint()) for _ in range(description.varint(65536))]
    bits = reading.Bits(lowest_first=flags & 1)
    clear, end = 1 << v, (1 << v) + 1
    position = predicted = 0
    threshold, due, bits_at_clear, values_at_clear = 10_000, False, 0, 0
    code = None  # the first table needs no code to begin
    if flags >> 2 & 1:
        bits.write(clear, v + 1)
    while position < len(values):
        if code in (None, clear):
            strings = [bytes([i]) for i in range(1 << v)] + [b"", b""]
            codes = {string: i for i, string in enumerate(strings[: 1 << v])}
            b, n, best, due = v + 1, 0, 0, False
        if exceptions and exceptions[0][0] == predicted:
            code, predicted = exceptions.pop(0)[1], 0
        else:
            predicted += 1
            code = clear if due else predict(values, position, codes, literal)
        if code == clear:
            bits_at_clear, values_at_clear = len(bits), position + 1 if position else 0
            bits.write(clear, b)
            continue
        string = strings[code]
        reading.require(string != b"" and values.startswith(string, position), "a code does not stand for the next values")
        bits.write(code, b)
        position += len(string)
        n += 1
        grows = b < 12 and (1 << v) + 1 + n == (1 << b) - early
        b += grows
        due = n == period and period != 0
        if position == len(values):
            break
        if len(strings) < 4096:
            codes.setdefault(string + values[position : position + 1], len(strings))
            strings.append(string + values[position : position + 1])
        if ratio and not grows:
            r = position + 1 - values_at_clear
            if r >= threshold:
                threshold = r + 10_000
                o = len(bits) - bits_at_clear
                now = r // max(1, o // 256) if r > 8_388_607 else 256 * r // o
                due = due or now <= best
                best = best if now <= best else now
    if tail == 2:
        return bits.bytes()[: len(bits) // 8] + description.rest()
    if tail == 0 and due:
        bits.write(clear, b)
        b = v + 1
    bits.write(end, b)
    return bits.bytes()


def predict(values, position, codes, literal):
    if literal:
        return values[position]
    length = 1
    while position + length < len(values) and values[position : position + length + 1] in codes:
        length += 1
    return codes[values[position : position + length]]


def gif_image_data(description, values):
    size = description[0]
    stream = lzw(reading.Reader(description[1:]), values)
    blocks = [stream[at : at + size] for at in range(0, len(stream), size)]
    return bytes([description[2]]) + b"".join(bytes([len(part)]) + part for part in blocks) + b"\0"


# --- PackBits ---
def packbits(description, data):
    rule, row = description.byte(), description.varint()
    exceptions = []
    while description.at < len(description.data):
        exceptions.append((description.varint(), description.byte()))
    out, at, predicted = bytearray(), 0, 0
    while at < len(data):
        if exceptions and exceptions[0][0] == predicted:
            header, predicted = exceptions.pop(0)[1], 0
        else:
            header, predicted = predict_header(data, at, min(len(data), at - at % row + row), rule), predicted + 1
        length = header + 1 if header < 128 else 257 - header
        out.append(header)
        out += data[at : at + (length if header < 128 else 1)]
        at += length
    return bytes(out)


def run_at(data, at, end):
    length = 1
    while length < 129 and at + length < end and data[at + length] == data[at]:
        length += 1
    return length


def predict_header(data, at, end, rule):
    run, least = run_at(data, at, end), 2 if rule == 0 else 3
    if run >= least:
        return 257 - min(run, 128)
    length = 1
    while length < 128 and at + length < end:
        run, after = run_at(data, at + length, end), at + length + 2
        if rule == 0 and run == 2 and length <= 126 and after < end and run_at(data, after, end) == 1:
            length += 2
            continue
        if run >= least:
            break
        length += 1
    return min(length, 128) - 1
