"""docs/format/jpeg-record.md: rebuilds a JPEG file from its coefficients and the record of everything else."""

import numpy as np

from . import reading
from .jpeg import ZIGZAG

# --- Tables of the standard ---

LUMINANCE = [
    16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51,
    87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101,
    72, 92, 95, 98, 112, 100, 103, 99,
]  # fmt: skip
CHROMINANCE = [
    17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99, 99, 99,
    99, 99, 99, *[99] * 32,
]  # fmt: skip
ROBIDOUX = [
    16, 16, 16, 18, 25, 37, 56, 85, 16, 17, 20, 27, 34, 40, 53, 75, 16, 20, 24, 31, 43, 62, 91, 135, 18, 27, 31, 40, 53,
    74, 106, 156, 25, 34, 43, 53, 69, 94, 131, 189, 37, 40, 62, 74, 94, 124, 169, 238, 56, 53, 91, 106, 131, 169, 226,
    311, 85, 75, 135, 156, 189, 238, 311, 418,
]  # fmt: skip
DC_SYMBOLS = bytes(range(12))
AC_LUMINANCE = bytes.fromhex(
    "01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a25262728292a3435363738393a"
    "434445464748494a535455565758595a636465666768696a737475767778797a838485868788898a92939495969798999aa2a3a4a5a6a7a8"
    "a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa"
)
AC_CHROMINANCE = bytes.fromhex(
    "000102031104052131061241510761711322328108144291a1b1c109233352f0156272d10a162434e125f11718191a262728292a3536373839"
    "3a434445464748494a535455565758595a636465666768696a737475767778797a82838485868788898a92939495969798999aa2a3a4a5a6"
    "a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae2e3e4e5e6e7e8e9eaf2f3f4f5f6f7f8f9fa"
)
# (counts of lengths, symbols) by form and class: tables K.3 to K.6.
STANDARD = {
    (1, 0): (bytes([0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0]), DC_SYMBOLS),
    (2, 0): (bytes([0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0]), DC_SYMBOLS),
    (1, 1): (bytes([0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 0x7D]), AC_LUMINANCE),
    (2, 1): (bytes([0, 2, 1, 2, 4, 4, 3, 4, 7, 5, 4, 4, 0, 1, 2, 0x77]), AC_CHROMINANCE),
}


def scaled_table(base, quality, precision):
    """Quantisation steps in natural order."""
    scale = 5000 // quality if quality < 50 else 200 - 2 * quality
    steps = np.array([LUMINANCE, CHROMINANCE, ROBIDOUX][base - 1])
    return np.clip((steps * scale + 50) // 100, 1, 32767 if precision else 255)


# --- The data of a file ---


class Component:
    """H, V: sampling factors; W x h: blocks; steps: quantisation in natural order."""

    def __init__(self, H, V, W, h, steps):
        self.H, self.V, self.W, self.h, self.steps = H, V, W, h, steps


class Shape:
    def __init__(self, width, height):
        self.width, self.height, self.components = width, height, []


class Record:
    """The parts of a file, its literals, and nested records."""

    def __init__(self, reader, depth=0):
        reading.require(depth <= 3, "streams are nested too deep")
        length = reader.varint(1 << 21)
        structure = Structure(reader.bytes(length))
        self.parts, self.frame, self.shape = structure.parts, structure.frame, structure.shape
        self.literals = reader.bytes(structure.literals)
        self.nested = [Record(reader, depth + 1) for _ in range(structure.nested)]

    def all_images(self):
        return [self, *(image for record in self.nested for image in record.all_images())]


def read_records(reader):
    record = Record(reader)
    reader.end("the records")
    return record


def rebuild(record, coefficients):
    """The JPEG file; `coefficients` are those of all images, in order."""
    remaining = list(coefficients)
    return _rebuild(record, remaining)


def _rebuild(record, remaining):
    own = remaining.pop(0)
    nested = [_rebuild(inner, remaining) for inner in record.nested]
    return Writer(record, own, nested).write()


# --- Structure ---


def read_list(reader, limit, ascending=False, distinct=True):
    """Yields the keys of a list's items, or indices; the caller reads the rest of each item."""
    key = 0
    for i in range(reader.varint(limit)):
        if ascending:
            step = reader.varint()
            reading.require(i == 0 or step > 0 or not distinct, "keys of a list are not distinct")
            key += step
            yield key
        else:
            yield i


class Structure:
    """Reads the parts as (kind, fields)."""

    def __init__(self, data):
        self.reader = reader = reading.Reader(data)
        self.parts, self.frame, self.shape = [], None, None
        self.literals = self.nested = 0
        self.tables = {}  # of quantisation
        while reader.at < len(data):
            reading.require(len(self.parts) < 65536, "a record has too many parts")
            kind = reader.byte()
            if kind >= 128:
                reading.require(self.frame is not None, "a scan precedes the frame")
                self._set_shape()
                self.parts.append(("scan", self._scan(kind)))
                continue
            reading.require(kind <= 8, "the kind of a part is invalid")
            read = [
                lambda: None, self._piece, lambda: (reader.byte(), self._piece()), self._jfif, self._dqt, self._dht,
                self._sof, lambda: None, lambda: reader.varint(65535),
            ][kind]  # fmt: skip
            names = ["eoi", "bytes", "segment", "jfif", "dqt", "dht", "sof", "dnl", "dri"]
            self.parts.append((names[kind], read()))
        reading.require(self.frame is not None, "a record has no frame")
        self._set_shape()

    # --- Pieces, segments ---

    def _piece(self):
        """(number of literals, positions of nested streams)."""
        number = self.reader.varint()
        length, positions = number >> 1, []
        if number & 1:
            positions = list(read_list(self.reader, 1 << 20, ascending=True, distinct=False))
            reading.require(not positions or positions[-1] <= length, "a nested stream is outside of its piece")
        self.literals += length
        self.nested += len(positions)
        return length, positions

    def _jfif(self):
        minor, units = self.reader.bytes(2)
        return minor, units, self.reader.varint(65535), self.reader.varint(65535)

    def _dqt(self):
        """(id, steps in natural order)."""
        tables = []
        for _ in read_list(self.reader, 4096):
            id_, base = self.reader.bytes(2)
            precision, number = id_ >> 4, id_ & 15
            reading.require(precision <= 1 and number <= 3 and base <= 3, "a quantisation table is invalid")
            if base > 0:
                quality = self.reader.byte()
                reading.require(1 <= quality <= 100, "a quality is invalid")
                steps = scaled_table(base, quality, precision)
            else:
                data = self.reader.bytes(64 << precision)
                steps = np.zeros(64, np.int64)
                steps[ZIGZAG] = np.frombuffer(data, ">u2" if precision else np.uint8)
            tables.append((id_, steps))
            self.tables[number] = steps
        return tables

    def _dht(self):
        """(class and number, table), the table None for an optimal one."""
        tables = []
        for _ in read_list(self.reader, 4096):
            byte = self.reader.byte()
            form, class_, number = byte >> 5, byte >> 4 & 1, byte & 15
            reading.require(form <= 3 and number <= 3, "a Huffman table is invalid")
            table = None
            if form == 0:
                counts = self.reader.bytes(16)
                table = counts, self.reader.bytes(sum(counts))
            elif form < 3:
                table = STANDARD[form, class_]
            tables.append((class_ << 4 | number, table))
        return tables

    # --- Frame ---

    def _sof(self):
        reading.require(self.frame is None, "a record has two frames")
        self.frame = Frame(self.reader)
        return self.frame

    def _set_shape(self):
        if self.shape is not None:
            return
        frame = self.frame
        self.shape = Shape(frame.width, frame.height)
        for _, H, V, number in frame.components:
            W = -(-frame.width // (8 * frame.H)) * H
            h = -(-frame.height // (8 * frame.V)) * V
            steps = self.tables.get(number, np.ones(64, np.int64))
            self.shape.components.append(Component(H, V, W, h, steps))

    # --- Scans ---

    def _scan(self, flags):
        reading.require(flags >> 5 & 3 != 3, "the first byte of a scan is invalid")
        index = sum(kind == "scan" for kind, _ in self.parts)
        reading.require(index < 256, "there are too many scans")
        scan = Scan(self.frame, self.shape, flags)
        if flags & 16:
            scan.read_header(self.reader)
        else:
            scan.set_usual_header(index)
        reader = self.reader
        if flags & 4:
            for key in read_list(reader, 1 << 26, ascending=True):
                scan.intervals[key] = interval = {}
                bits = reader.byte()
                reading.require(bits < 16, "an interval is invalid")
                for flag, name, read in (
                    (1, "coded", reader.varint), (2, "padding", reader.byte), (4, "literals", reader.varint),
                    (8, "marker", reader.byte),
                ):  # fmt: skip
                    if bits & flag:
                        interval[name] = read()
                reading.require(interval.get("marker", 0) <= 8, "a restart marker is invalid")
                self.literals += interval.get("literals", 0)
        if flags & 2:
            for key in read_list(reader, 1 << 26, ascending=True):
                number = reader.varint(9)
                scan.zero_runs[key] = number >> 1, number & 1
        if flags & 1:
            scan.run_ends = set(read_list(reader, 1 << 26, ascending=True))
        for key in [*scan.zero_runs, *scan.run_ends]:
            reading.require(key < len(scan.blocks()), "a list names a block that the scan does not have")
        return scan


class Frame:
    def __init__(self, reader):
        self.marker, self.precision, layout = reader.bytes(3)
        reading.require(self.marker in (0xC0, 0xC1, 0xC2) and self.precision in (8, 12), "the frame is invalid")
        self.has_dnl, layout = layout >> 7, layout & 127
        reading.require(layout <= 32, "the layout is invalid")
        self.width, self.height = reader.varint(65535), reader.varint(65535)
        reading.require(self.width > 0 and self.height > 0, "the size of the frame is invalid")
        self.components = []  # id, h, v, number of the quantisation table
        if layout == 0:
            for _ in range(reader.byte()):
                id_, factors, number = reader.bytes(3)
                self.components.append((id_, factors >> 4, factors & 15, number))
        else:
            h, v = divmod((layout - 1) % 16, 4)
            self.components.append((1, h + 1, v + 1, 0))
            if layout > 16:
                self.components += [(2, 1, 1, 1), (3, 1, 1, 1)]
        reading.require(1 <= len(self.components) <= 4, "the number of components is invalid")
        for _, h, v, number in self.components:
            reading.require(1 <= h <= 4 and 1 <= v <= 4 and number <= 3, "a component is invalid")
        self.H = max(component[1] for component in self.components)
        self.V = max(component[2] for component in self.components)
        self.is_progressive = self.marker == 0xC2


class Scan:
    def __init__(self, frame, shape, flags):
        self.frame, self.shape = frame, shape
        self.tables_before, self.pads_with_ones = flags >> 5 & 3, not flags & 8
        self.intervals, self.zero_runs, self.run_ends = {}, {}, set()

    def read_header(self, reader):
        self.components = []  # index, Td, Ta
        for _ in range(reader.byte()):
            index, tables = reader.bytes(2)
            reading.require(index < len(self.frame.components), "a scan has an unknown component")
            self.components.append((index, tables >> 4, tables & 15))
        self.Ss, self.Se, approximation = reader.bytes(3)
        self.Ah, self.Al = approximation >> 4, approximation & 15
        self._validate()

    def _validate(self):
        reading.require(1 <= len(self.components) <= 4, "the number of components of a scan is invalid")
        for _, Td, Ta in self.components:
            reading.require(Td <= 3 and Ta <= 3, "the number of a Huffman table is invalid")
        if not self.frame.is_progressive:
            return
        reading.require(self.Ss <= self.Se <= 63 and self.Al <= 13, "a scan is invalid")
        reading.require(self.Se == 0 if self.Ss == 0 else len(self.components) == 1, "a scan is invalid")
        reading.require(self.Ah == 0 or self.Al == self.Ah - 1, "a scan is invalid")

    def set_usual_header(self, index):
        """Usual scans."""
        quantisation = [component[3] for component in self.frame.components]
        count = len(quantisation)
        everything = list(range(count))
        if not self.frame.is_progressive:
            scans = [(everything, 0, 63, 0, 0)]
        elif count == 3 and quantisation[0] == 0 and quantisation[1] != 0 and quantisation[2] != 0:
            scans = [
                (everything, 0, 0, 0, 1), ([0], 1, 5, 0, 2), ([2], 1, 63, 0, 1), ([1], 1, 63, 0, 1), ([0], 6, 63, 0, 2),
                ([0], 1, 63, 2, 1), (everything, 0, 0, 1, 0), ([2], 1, 63, 1, 0), ([1], 1, 63, 1, 0),
                ([0], 1, 63, 1, 0),
            ]  # fmt: skip
        else:
            scans = [(everything, 0, 0, 0, 1)]
            scans += [([c], 1, 5, 0, 2) for c in everything] + [([c], 6, 63, 0, 2) for c in everything]
            scans += [([c], 1, 63, 2, 1) for c in everything]
            scans += [(everything, 0, 0, 1, 0)] + [([c], 1, 63, 1, 0) for c in everything]
        reading.require(index < len(scans), "there is no usual scan any more")
        chosen, self.Ss, self.Se, self.Ah, self.Al = scans[index]
        self.components = []
        for c in chosen:
            number = 0 if quantisation[c] == 0 else 1
            uses_dc = not self.frame.is_progressive or (self.Ss == 0 and self.Ah == 0)
            uses_ac = not self.frame.is_progressive or self.Ss > 0
            self.components.append((c, number if uses_dc else 0, number if uses_ac else 0))

    def tables_used(self):
        """Tc << 4 | Th, each once."""
        used = []
        progressive = self.frame.is_progressive
        for _, Td, Ta in self.components:
            if not progressive or (self.Ss == 0 and self.Ah == 0):
                used.append(Td)
            if not progressive or self.Se > 0:
                used.append(16 | Ta)
        return list(dict.fromkeys(used))

    def mcus(self):
        """The MCUs, lists of (number in the scan, row of blocks, block)."""
        frame = self.frame
        if len(self.components) == 1:
            c = self.components[0][0]
            _, h, v, _ = frame.components[c]
            wide = -(-(-(-frame.width * h // frame.H)) // 8)
            high = -(-(-(-frame.height * v // frame.V)) // 8)
            return [[(0, y, x)] for y in range(high) for x in range(wide)]
        wide, high = -(-frame.width // (8 * frame.H)), -(-frame.height // (8 * frame.V))
        result = []
        for y in range(high):
            for x in range(wide):
                mcu = []
                for i, (c, _, _) in enumerate(self.components):
                    _, h, v, _ = frame.components[c]
                    mcu += [(i, y * v + j, x * h + k) for j in range(v) for k in range(h)]
                result.append(mcu)
        return result

    def blocks(self):
        return [block for mcu in self.mcus() for block in mcu]


# --- Rebuilding the file ---


class Writer:
    def __init__(self, record, coefficients, nested):
        self.parts, self.frame = record.parts, record.frame
        self.coefficients, self.nested, self.literals = coefficients, nested, reading.Reader(record.literals)
        self.restart_interval = 0
        self.huffman = {class_ << 4 | number: STANDARD[1 + number, class_] for class_ in (0, 1) for number in (0, 1)}
        self.progress = np.full((len(self.frame.components), 64), -1)  # Al of the last scan of each coefficient

    def write(self):
        out = [b"\xff\xd8"]
        for i, (kind, fields) in enumerate(self.parts):
            out.append(getattr(self, "_" + kind)(fields, i))
        reading.require(not self.nested, "nested streams are left over")
        self.literals.end("the parts of a record")
        return b"".join(out)

    def _eoi(self, _, i):
        return b"\xff\xd9"

    def _bytes(self, piece, i):
        length, positions = piece
        out, at = b"", 0
        for position in positions:
            reading.require(bool(self.nested), "there are too few nested streams")
            out += self.literals.bytes(position - at) + self.nested.pop(0)
            at = position
        return out + self.literals.bytes(length - at)

    def _segment(self, fields, i):
        marker, piece = fields
        return segment(marker, self._bytes(piece, i))

    def _jfif(self, fields, i):
        minor, units, x, y = fields
        densities = x.to_bytes(2, "big") + y.to_bytes(2, "big")
        return segment(0xE0, b"JFIF\0\1" + bytes([minor, units]) + densities + b"\0\0")

    def _dqt(self, tables, i):
        payload = b""
        for id_, steps in tables:
            payload += bytes([id_]) + steps[ZIGZAG].astype(">u2" if id_ >> 4 else np.uint8).tobytes()
        return segment(0xDB, payload)

    def _dht(self, tables, i):
        following = self.parts[i : next((j for j in range(i, len(self.parts)) if self.parts[j][0] == "scan"), None)]
        next_scan = self.parts[i + len(following)][1] if i + len(following) < len(self.parts) else None
        intervals = [self.restart_interval, *(fields for kind, fields in following if kind == "dri")]
        payload, frequencies = b"", None
        for id_, table in tables:
            if table is None:
                reading.require(next_scan is not None, "an optimal table has no scan")
                frequencies = frequencies or self._frequencies(next_scan, intervals[-1])
                table = optimal_table(frequencies.get(id_, {}))
            self.huffman[id_] = table
            payload += bytes([id_]) + table[0] + table[1]
        return segment(0xC4, payload)

    def _sof(self, frame, i):
        height = 0 if frame.has_dnl else frame.height
        payload = bytes([frame.precision]) + height.to_bytes(2, "big") + frame.width.to_bytes(2, "big")
        payload += bytes([len(frame.components)])
        for id_, h, v, number in frame.components:
            payload += bytes([id_, h << 4 | v, number])
        return segment(frame.marker, payload)

    def _dnl(self, _, i):
        return segment(0xDC, self.frame.height.to_bytes(2, "big"))

    def _dri(self, interval, i):
        self.restart_interval = interval
        return segment(0xDD, interval.to_bytes(2, "big"))

    # --- Scans ---

    def _scan(self, scan, i):
        self._continue(scan)
        out = b""
        if scan.tables_before:
            frequencies = self._frequencies(scan, self.restart_interval) if scan.tables_before == 2 else None
            for id_ in scan.tables_used():
                if frequencies is None:
                    reading.require(id_ & 15 < 2, "there is no such standard table")
                    table = STANDARD[1 + (id_ & 15), id_ >> 4]
                else:
                    table = optimal_table(frequencies.get(id_, {}))
                self.huffman[id_] = table
                out += segment(0xC4, bytes([id_]) + table[0] + table[1])
        header = bytes([len(scan.components)])
        for c, Td, Ta in scan.components:
            header += bytes([self.frame.components[c][0], Td << 4 | Ta])
        out += segment(0xDA, header + bytes([scan.Ss, scan.Se, scan.Ah << 4 | scan.Al]))
        codes = {id_: code_of(table) for id_, table in self.huffman.items()}
        intervals = self._tokens(scan, self.restart_interval)
        for number, tokens in enumerate(intervals):
            listed = scan.intervals.get(number, {})
            out += self._entropy_coded(tokens, codes, listed.get("padding", 255 if scan.pads_with_ones else 0))
            out += self.literals.bytes(listed.get("literals", 0))
            marker = listed.get("marker", number % 8)
            if marker == 8:
                break
            if number < len(intervals) - 1:
                out += bytes([0xFF, 0xD0 + marker])
        return out

    def _continue(self, scan):
        """Rejects a scan that does not continue the ones before."""
        first, last = (scan.Ss, scan.Se) if self.frame.is_progressive else (0, 63)
        for c, _, _ in scan.components:
            band = self.progress[c, first : last + 1]
            reading.require((band == (scan.Ah if scan.Ah else -1)).all(), "a scan does not continue the ones before")
            self.progress[c, first : last + 1] = scan.Al if self.frame.is_progressive else 0

    def _frequencies(self, scan, restart_interval):
        result = {}
        for tokens in self._tokens(scan, restart_interval):
            for table, value, _ in tokens:
                if table is not None:
                    symbols = result.setdefault(table, {})
                    symbols[value] = symbols.get(value, 0) + 1
        return result

    @staticmethod
    def _entropy_coded(tokens, codes, padding):
        bits, length = 0, 0
        out = bytearray()
        for table, value, size in tokens:
            if table is not None:
                reading.require(table in codes and value in codes[table], "a symbol has no code")
                value, size = codes[table][value]
            bits = bits << size | value
            length += size
            while length >= 8:
                length -= 8
                out.append(bits >> length)
                bits &= (1 << length) - 1
        if length:
            rest = 8 - length
            out.append(bits << rest | padding & ((1 << rest) - 1))
        return bytes(out).replace(b"\xff", b"\xff\0")

    def _tokens(self, scan, restart_interval):
        """For each interval: (table, symbol, None), or (None, bits, number of bits)."""
        mcus = scan.mcus()
        size = restart_interval or len(mcus)
        intervals, block = [], 0
        coder = ScanCoder(scan, self.coefficients)
        for number, start in enumerate(range(0, len(mcus), size)):
            members = mcus[start : start + size]
            coded = scan.intervals.get(number, {}).get("coded", len(members))
            reading.require(coded <= len(members), "an interval has more MCUs than it can have")
            coder.begin()
            for i, mcu in enumerate(members):
                for component, y, x in mcu:
                    if i < coded:
                        coder.code(block, component, y, x)
                    block += 1
            coder.write_run()
            intervals.append(coder.tokens)
        for number in scan.intervals:
            reading.require(number < len(mcus), "a list names an interval that the scan does not have")
        return intervals


def segment(marker, payload):
    reading.require(len(payload) <= 65533, "a segment is too long")
    return bytes([0xFF, marker]) + (len(payload) + 2).to_bytes(2, "big") + payload


def code_of(table):
    """Codes (value, length) by symbol."""
    counts, symbols = table
    codes, code, at = {}, 0, 0
    for length, count in enumerate(counts, 1):
        for symbol in symbols[at : at + count]:
            codes[symbol] = code, length
            code += 1
        reading.require(code <= 1 << length, "a Huffman table does not fit")
        at += count
        code <<= 1
    return codes


# --- Optimal tables ---


def optimal_table(frequencies):
    """The table of libjpeg's jpeg_gen_optimal_table."""
    remaining = {symbol: count for symbol, count in frequencies.items() if count > 0}
    remaining[256] = 1
    trees = {symbol: [symbol] for symbol in remaining}
    lengths = dict.fromkeys(remaining, 0)
    while len(remaining) > 1:
        c1, c2 = sorted(remaining, key=lambda symbol: (remaining[symbol], -symbol))[:2]
        remaining[c1] += remaining.pop(c2)
        trees[c1] += trees.pop(c2)
        for symbol in trees[c1]:
            lengths[symbol] += 1
    count = [0] * (max(lengths.values()) + 1) + [0] * 17
    for length in lengths.values():
        count[length] += 1
    for i in range(max(lengths.values()), 16, -1):
        while count[i] > 0:
            j = max(length for length in range(1, i - 1) if count[length] > 0)
            count[i] -= 2
            count[i - 1] += 1
            count[j + 1] += 2
            count[j] -= 1
    longest = max((length for length in range(1, 17) if count[length] > 0), default=0)
    if longest:
        count[longest] -= 1
    symbols = sorted((symbol for symbol in lengths if symbol < 256), key=lambda symbol: (lengths[symbol], symbol))
    return bytes(count[1:17]), bytes(symbols)


# --- Writing blocks ---

ZRL = 0xF0
MAX_RUN, MAX_CORRECTIONS = 32767, 937


class ScanCoder:
    def __init__(self, scan, coefficients):
        self.scan, self.coefficients = scan, coefficients
        if not scan.frame.is_progressive:
            self._code = self._sequential
        elif scan.Ss == 0:
            self._code = self._progressive_dc
        else:
            self._code = self._refining_ac if scan.Ah else self._first_ac

    def begin(self):
        self.tokens = []
        self.prediction = [0] * len(self.scan.components)
        self.run, self.run_corrections = 0, []

    def symbol(self, table, value):
        self.tokens.append((table, value, None))

    def bits(self, value, size):
        if size:
            self.tokens.append((None, value & ((1 << size) - 1), size))

    def signed_bits(self, value, size):
        self.bits(value if value > 0 else value - 1, size)

    def code(self, block, component, y, x):
        c, self.Td, Ta = self.scan.components[component]
        self.Ta = 16 | Ta
        self._code(block, component, self.coefficients[c][y, x][ZIGZAG].tolist())

    def _dc(self, component, value):
        difference = value - self.prediction[component]
        self.prediction[component] = value
        size = abs(difference).bit_length()
        self.symbol(self.Td, size)
        self.signed_bits(difference, size)

    # --- Sequential blocks ---

    def _sequential(self, block, component, z):
        self._dc(component, z[0])
        zeros = 0
        for value in z[1:]:
            if value == 0:
                zeros += 1
                continue
            zeros = self._zero_runs(zeros)
            size = abs(value).bit_length()
            self.symbol(self.Ta, zeros << 4 | size)
            self.signed_bits(value, size)
            zeros = 0
        extra, complete = self.scan.zero_runs.get(block, (0, 0))
        for _ in range(extra):
            self.symbol(self.Ta, ZRL)
        if z[63] == 0 and not complete:
            self.symbol(self.Ta, 0)

    def _zero_runs(self, zeros):
        while zeros > 15:
            self.symbol(self.Ta, ZRL)
            zeros -= 16
        return zeros

    # --- Progressive blocks ---

    def _progressive_dc(self, block, component, z):
        if self.scan.Ah == 0:
            self._dc(component, z[0] >> self.scan.Al)
        else:
            self.bits(z[0] >> self.scan.Al & 1, 1)

    def _first_ac(self, block, component, z):
        scan, zeros = self.scan, 0
        for value in z[scan.Ss : scan.Se + 1]:
            magnitude = abs(value) >> scan.Al
            if magnitude == 0:
                zeros += 1
                continue
            self.write_run()
            zeros = self._zero_runs(zeros)
            size = magnitude.bit_length()
            self.symbol(self.Ta, zeros << 4 | size)
            self.signed_bits(magnitude if value > 0 else -magnitude, size)
            zeros = 0
        if block in scan.zero_runs:
            self.write_run()
            extra, complete = scan.zero_runs[block]
            for _ in range(extra):
                self.symbol(self.Ta, ZRL)
            if complete:
                return
        if abs(z[scan.Se]) >> scan.Al == 0:
            self._join(block, [])

    def _refining_ac(self, block, component, z):
        scan = self.scan
        band = [abs(value) >> scan.Al for value in z[: scan.Se + 1]]
        new = [k for k in range(scan.Ss, scan.Se + 1) if band[k] == 1]
        last = new[-1] if new else -1
        extra, complete = scan.zero_runs.get(block, (0, 0))
        zeros, corrections = 0, []
        for k in range(scan.Ss, scan.Se + 1):
            if band[k] == 0:
                zeros += 1
                continue
            while zeros > 15 and (k <= last or extra > 0):
                extra -= k > last
                corrections = self._zrl(corrections)
                zeros -= 16
            if band[k] > 1:
                corrections.append(band[k] & 1)
                continue
            self.write_run()
            self.symbol(self.Ta, zeros << 4 | 1)
            self.bits(int(z[k] > 0), 1)
            self._corrections(corrections)
            zeros, corrections = 0, []
        for _ in range(extra):
            corrections = self._zrl(corrections)
        if not complete and band[scan.Se] != 1:
            self._join(block, corrections)

    def _zrl(self, corrections):
        self.write_run()
        self.symbol(self.Ta, ZRL)
        self._corrections(corrections)
        return []

    def _corrections(self, corrections):
        for bit in corrections:
            self.bits(bit, 1)

    # --- Runs ---

    def _join(self, block, corrections):
        self.run += 1
        self.run_corrections += corrections
        usual = self.run == MAX_RUN or len(self.run_corrections) > MAX_CORRECTIONS
        if usual != (block in self.scan.run_ends) or self.run == MAX_RUN:
            self.write_run()

    def write_run(self):
        if self.run == 0:
            return
        s = self.run.bit_length() - 1
        self.symbol(self.Ta, s << 4)
        self.bits(self.run, s)
        self._corrections(self.run_corrections)
        self.run, self.run_corrections = 0, []
