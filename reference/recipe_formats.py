"""docs/format/recipe-formats.md: BMP, PNM, GIF and TIFF files, and the streams LZW and PackBits."""

import zlib

import numpy as np

from . import reading

COPY, ZLIB, TIFF_LZW, GIF_LZW, PACKBITS = range(5)


def scaled(s, a, b):
    """`round` of the document."""
    return (2 * s * a + b) // (2 * b)


def flag(parameters):
    return parameters.varint(1)


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
        reading.require(at < len(out), "a correction is outside of its stream")
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
        header = self.header
        self.top_down, self.bits = flag(parameters), parameters.varint(32)
        self.masks = [parameters.varint() for _ in range(4)] if self.bits > 8 else None
        self.corrections = read_corrections(parameters)
        if header.channels == 1 and header.depth <= 8:
            reading.require(self.bits == header.depth, "the bits of a BMP file are invalid")
        else:
            reading.require(self.bits in (16, 24, 32) and header.channels >= 3 and header.depth == 8, "not for BMP")

    def packed(self, i):
        samples = self.samples if self.top_down else self.samples[::-1]
        if self.masks is None:
            rows = pack(samples[..., 0], self.bits)
        else:
            pixels = np.zeros(samples.shape[:2], np.int64)
            for c, mask in enumerate(self.masks[: self.header.channels]):
                reading.require(mask > 0, "a mask is empty")
                k = (mask & -mask).bit_length() - 1
                top = mask >> k
                reading.require(top & (top + 1) == 0 and top <= 255, "a mask is invalid")
                pixels |= scaled(samples[..., c], top, 255) << k
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
        self.maximum, self.bitmap, self.text = parameters.varint(65535), flag(parameters), flag(parameters)
        reading.require(self.maximum >= 1 and (not self.bitmap or self.maximum == 1), "a PNM file is invalid")
        if self.text:
            self.per_line, self.bytes = parameters.varint(1 << 31), parameters.varint()
            self.flags = parameters.varint(7)
            reading.require(self.per_line >= 1, "the rule of lines is invalid")
        self.corrections = read_corrections(parameters)
        depths = (1, 2, 4, 8, 16) if self.header.channels == 1 else (8, 16)
        smallest = next(depth for depth in depths if self.maximum < 1 << depth)
        reading.require(self.header.depth == smallest, "the depth does not fit the maximum")

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
        channels = self.header.channels
        values = rows.reshape(-1).tolist()
        texts = [str(value) for value in values]
        for at, text in enumerate(texts):
            line, used = line + 1, used + len(text) + 1
            out.append(text)
            ends = line == self.per_line or at == len(values) - 1
            if self.flags & 1 and (at + 1) % rows.shape[1] == 0:
                ends = True
            if self.bytes and (at + 1) % channels == 0:
                following = texts[at + 1 : at + 1 + channels]
                ends = ends or used + sum(len(text) + 1 for text in following) > self.bytes
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
        self.interlaced = flag(parameters)
        self.x, self.y, self.width, self.height = (parameters.varint() for _ in range(4))
        header = self.header
        reading.require(self.width >= 1 and self.height >= 1, "a frame is empty")
        inside = self.x + self.width <= header.width and self.y + self.height <= header.height
        reading.require(inside and header.channels == 1 and header.depth <= 8, "a frame is outside of the image")

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
        reading.require(self.width >= 1 and self.height >= 1, "a segment is empty")
        header = self.header
        self.across = -(-header.width // self.width) if self.tiles else 1
        self.down = -(-header.height // self.height)
        self.planes = header.channels if self.planar else 1
        self.count = self.across * self.down * self.planes
        reading.require(self.count <= 1 << 20, "a file has too many segments")
        order = parameters.varint()
        reading.require(order in (0, self.count), "the order of segments is invalid")
        self.order = [parameters.varint() for _ in range(order)] or list(range(self.count))
        reading.require(sorted(self.order) == list(range(self.count)), "the order of segments is invalid")
        self.corrections = {}
        for _ in range(parameters.varint()):
            number = parameters.varint()
            self.corrections[number] = read_corrections(reading.Reader(parameters.bytes(parameters.varint())))

    def methods(self, streams):
        reading.require(not self.reverse or all(stream.method == COPY for stream in streams), "FillOrder 2 of a method")
        usual = (COPY, ZLIB, TIFF_LZW, PACKBITS)
        return len(streams) == self.count and all(s.method in usual and not s.lengths for s in streams)

    def packed(self, i):
        segment = self.order[i]
        values = self._segment(segment)
        depth = self.header.depth
        if self.predictor:
            differences = values.copy()
            differences[:, 1:] = (values[:, 1:] - values[:, :-1]) % (1 << depth)
            values = differences
        rows = pack(values.reshape(len(values), -1), depth, "big" if self.big else "little")
        if self.reverse:
            rows = np.packbits(np.unpackbits(rows[..., None], axis=-1)[..., ::-1], axis=-1)
        return corrected(rows.tobytes(), self.corrections.get(i, []))

    def _place(self, segment):
        plane, within = divmod(segment, self.across * self.down)
        y, x = divmod(within, self.across)
        return plane, y, x

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
        size = self.width * self.height * samples.shape[2] * header.depth // 8
        reading.require(size <= self.limit, "a segment is too long")
        ys, xs = np.arange(y, y + self.height)[:, None], np.arange(x, x + self.width)
        nearest = samples[np.minimum(ys, header.height - 1), np.minimum(xs, header.width - 1)]
        inside = ((ys < header.height) & (xs < header.width))[..., None]
        if self.padding == 2:
            return nearest
        result = np.where(inside, nearest, 0)
        if self.padding == 1:
            result = np.where(inside, result, self._earlier(segment, samples, plane))
        return result

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
        order = "big" if self.big else "little"
        out = []
        for width in (2, 4, 8):
            for numbers in (offsets, lengths):
                out += [(number % (1 << 8 * width)).to_bytes(width, order) for number in numbers]
        palette = self.palette()
        if len(palette):
            colours = np.zeros((1 << self.header.depth, 3), np.int64)
            colours[: len(palette)] = palette[: len(colours)]
            for factor in (257, 256):
                out.append((colours.T * factor).astype(">u2" if self.big else "<u2").tobytes())
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


class Bits:
    def __init__(self, lowest_first):
        self.lowest_first, self.value, self.pending, self.out, self.written = lowest_first, 0, 0, bytearray(), 0

    def write(self, code, size):
        self.written += size
        self.value = self.value | code << self.pending if self.lowest_first else self.value << size | code
        self.pending += size
        while self.pending >= 8:
            self.pending -= 8
            if self.lowest_first:
                self.out.append(self.value & 255)
                self.value >>= 8
            else:
                self.out.append(self.value >> self.pending)
                self.value &= (1 << self.pending) - 1

    def padded(self):
        if self.pending:
            self.write(0, 8 - self.pending)
        return bytes(self.out)


def lzw(description, values):
    flags, v = description.byte(), description.byte()
    reading.require(1 <= v <= 8 and all(value < 1 << v for value in values), "the values of LZW are invalid")
    early, ratio, tail, literal = flags >> 1 & 1, flags >> 3 & 1, flags >> 4 & 3, flags >> 6 & 1
    reading.require(tail <= 2 and flags >> 7 == 0, "the flags of LZW are invalid")
    period = description.varint()
    exceptions = [(description.varint(), description.varint()) for _ in range(description.varint(65536))]
    exceptions.reverse()
    bits = Bits(flags & 1)
    clear, end = 1 << v, (1 << v) + 1
    strings, codes, b, n = [], {}, 0, 0

    def start():
        nonlocal strings, codes, b, n
        strings = [bytes([i]) for i in range(1 << v)] + [b"", b""]
        codes = {string: i for i, string in enumerate(strings[: 1 << v])}
        b, n = v + 1, 0

    start()
    position = predicted = best = 0
    threshold, due, bits_at_clear, values_at_clear = 10_000, False, 0, 0
    if flags >> 2 & 1:
        bits.write(clear, v + 1)
    while position < len(values):
        if exceptions and exceptions[-1][0] == predicted:
            code, predicted = exceptions.pop()[1], 0
        else:
            predicted += 1
            code = clear if due else predict(values, position, codes, literal)
        if code == clear:
            bits_at_clear, values_at_clear = bits.written, position + 1 if position else 0
            bits.write(clear, b)
            start()
            best, due = 0, False
            continue
        reading.require(code < len(strings) and code != end, "an exception of LZW is invalid")
        string = strings[code]
        reading.require(values.startswith(string, position), "an exception of LZW does not stand for the next values")
        bits.write(code, b)
        position += len(string)
        n += 1
        grows = b < 12 and (1 << v) + 1 + n == (1 << b) - early
        b += grows
        due = False
        if position == len(values):
            break
        if len(strings) < 4096:
            codes.setdefault(string + values[position : position + 1], len(strings))
            strings.append(string + values[position : position + 1])
        due = n == period and period != 0
        if ratio and not grows:
            r = position + 1 - values_at_clear
            if r >= threshold:
                threshold = r + 10_000
                o = bits.written - bits_at_clear
                now = r // max(1, o // 256) if r > 8_388_607 else 256 * r // o
                due = due or now <= best
                best = best if now <= best else now
    reading.require(not exceptions, "exceptions of LZW are left over")
    if tail == 2:
        return bytes(bits.out) + description.rest()
    if tail == 0 and n == period and period != 0:
        bits.write(clear, b)
        b = v + 1
    bits.write(end, b)
    description.end("a description of LZW")
    return bits.padded()


def predict(values, position, codes, literal):
    if literal:
        return values[position]
    length = 1
    while position + length < len(values) and values[position : position + length + 1] in codes:
        length += 1
    return codes[values[position : position + length]]


def gif_image_data(description, values):
    reading.require(len(description) >= 3 and description[0] > 0, "the description of a GIF image is invalid")
    size = description[0]
    stream = lzw(reading.Reader(description[1:]), values)
    blocks = [stream[at : at + size] for at in range(0, len(stream), size)]
    return bytes([description[2]]) + b"".join(bytes([len(part)]) + part for part in blocks) + b"\0"


# --- PackBits ---


def packbits(description, data):
    rule, row = description.byte(), description.varint()
    reading.require(rule <= 1 and row > 0, "the description of PackBits is invalid")
    exceptions = []
    while description.at < len(description.data):
        exceptions.append((description.varint(), description.byte()))
    exceptions.reverse()
    out, at, predicted = bytearray(), 0, 0
    while at < len(data):
        if exceptions and exceptions[-1][0] == predicted:
            header, predicted = exceptions.pop()[1], 0
        else:
            header, predicted = predict_header(data, at, min(len(data), at - at % row + row), rule), predicted + 1
        reading.require(header != 128, "a header of PackBits is invalid")
        length = header + 1 if header < 128 else 257 - header
        part = data[at : at + length]
        fits = len(part) == length and (header < 128 or part == part[:1] * length)
        reading.require(fits, "an exception of PackBits does not fit the next bytes")
        out.append(header)
        out += part if header < 128 else part[:1]
        at += length
    reading.require(not exceptions, "exceptions of PackBits are left over")
    return bytes(out)


def run_at(data, at, end):
    length = 1
    while length < 129 and at + length < end and data[at + length] == data[at]:
        length += 1
    return length


def predict_header(data, at, end, rule):
    run = run_at(data, at, end)
    if run >= (2 if rule == 0 else 3):
        return 257 - min(run, 128)
    length = 1
    while length < 128 and at + length < end:
        run = run_at(data, at + length, end)
        if rule == 0 and run == 2 and length <= 126 and at + length + 2 < end:
            if run_at(data, at + length + 2, end) == 1:
                length += 2
                continue
        if run >= (2 if rule == 0 else 3):
            break
        length += 1
    return min(length, 128) - 1
