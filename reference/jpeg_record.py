"""docs/format/jpeg-record.md: rebuilds a JPEG file from its coefficients and the record of everything else."""

import struct

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
    """The parts of a file as (kind, fields), its literals, and nested records."""

    def __init__(self, reader, depth=0):
        reading.require(depth <= 3, "streams are nested too deep")
        self.reader = reading.Reader(reader.bytes(reader.varint(1 << 21)))
        self.parts, self.frame, self.shape = [], None, None
        self.literal_bytes = self.nested_streams = 0
        self.tables = {}  # of quantisation
        kinds = ["eoi", "bytes", "segment", "jfif", "dqt", "dht", "sof", "dnl", "dri"]
        while self.reader.at < len(self.reader.data):
            byte = self.reader.byte()
            reading.require(byte <= 8 or byte >= 128 and self.frame, "the kind of a part is invalid")
            if byte >= 128:
                self.shape = self.shape or self._shape()
                self.parts.append(("scan", self._scan(byte)))
            else:
                self.parts.append((kinds[byte], getattr(self, "_" + kinds[byte])()))
        reading.require(self.frame is not None, "a record has no frame")
        self.shape = self.shape or self._shape()
        self.literals = reader.bytes(self.literal_bytes)
        self.nested = [Record(reader, depth + 1) for _ in range(self.nested_streams)]

    def all_images(self):
        return [self, *(image for record in self.nested for image in record.all_images())]

    def keys(self):
        """The ascending keys of a list; the caller reads the rest of each item."""
        key = 0
        for _ in range(self.reader.varint(1 << 26)):
            key += self.reader.varint()
            yield key

    # --- Pieces, segments ---
    def _eoi(self):
        return None

    _dnl = _eoi

    def _bytes(self):
        """(number of literals, positions of nested streams)."""
        number = self.reader.varint()
        positions = list(self.keys()) if number & 1 else []
        self.literal_bytes += number >> 1
        self.nested_streams += len(positions)
        return number >> 1, positions

    def _segment(self):
        return self.reader.byte(), self._bytes()

    def _jfif(self):
        return *self.reader.bytes(2), self.reader.varint(65535), self.reader.varint(65535)

    def _dqt(self):
        """(id, steps in natural order)."""
        tables = []
        for _ in range(self.reader.varint(4096)):
            id_, base = self.reader.bytes(2)
            if base > 0:
                steps = scaled_table(base, self.reader.byte(), id_ >> 4)
            else:
                steps = np.zeros(64, np.int64)
                steps[ZIGZAG] = np.frombuffer(self.reader.bytes(128 if id_ >> 4 else 64), ">u2" if id_ >> 4 else np.uint8)
            tables.append((id_, steps))
            self.tables[id_ & 15] = steps
        return tables

    def _dht(self):
        """(class and number, table), the table None for an optimal one."""
        tables = []
        for _ in range(self.reader.varint(4096)):
            byte = self.reader.byte()
            table = STANDARD.get((byte >> 5, byte >> 4 & 1))
            if byte >> 5 == 0:
                counts = self.reader.bytes(16)
                table = counts, self.reader.bytes(sum(counts))
            tables.append((byte & 31, table))
        return tables

    def _dri(self):
        return self.reader.varint(65535)

    # --- Frame ---
    def _sof(self):
        reading.require(self.frame is None, "a record has two frames")
        self.frame = Frame(self.reader)
        return self.frame

    def _shape(self):
        shape = Shape(self.frame.width, self.frame.height)
        for _, H, V, number in self.frame.components:
            size = self.frame.mcus_across * H, self.frame.mcus_down * V
            shape.components.append(Component(H, V, *size, self.tables.get(number, np.ones(64, np.int64))))
        return shape

    # --- Scans ---
    def _scan(self, flags):
        reader, scan = self.reader, Scan(self.frame, flags)
        if flags & 16:
            scan.read_header(reader)
        else:
            scan.set_usual_header(sum(kind == "scan" for kind, _ in self.parts))
        for key in self.keys() if flags & 4 else ():
            scan.intervals[key] = interval = {}
            bits = reader.byte()
            fields = {"coded": reader.varint, "padding": reader.byte, "literals": reader.varint, "marker": reader.byte}
            for i, (name, read) in enumerate(fields.items()):
                if bits >> i & 1:
                    interval[name] = read()
            self.literal_bytes += interval.get("literals", 0)
        for key in self.keys() if flags & 2 else ():
            scan.zero_runs[key] = divmod(reader.varint(9), 2)
        scan.run_ends = set(self.keys() if flags & 1 else ())
        return scan


class Frame:
    def __init__(self, reader):
        self.marker, self.precision, layout = reader.bytes(3)
        reading.require(self.marker in (0xC0, 0xC1, 0xC2) and layout & 127 <= 32, "the frame is invalid")
        self.has_dnl, layout = layout >> 7, layout & 127
        self.width, self.height = reader.varint(65535), reader.varint(65535)
        if layout == 0:
            components = [reader.bytes(3) for _ in range(reader.byte())]
        else:
            h, v = divmod((layout - 1) % 16, 4)
            components = [(1, h + 1 << 4 | v + 1, 0), (2, 0x11, 1), (3, 0x11, 1)][: 3 if layout > 16 else 1]
        # id, h, v, number of the quantisation table
        self.components = [(id_, factors >> 4, factors & 15, number) for id_, factors, number in components]
        self.H, self.V = (max(component[i] for component in self.components) for i in (1, 2))
        self.mcus_across, self.mcus_down = -(-self.width // (8 * self.H)), -(-self.height // (8 * self.V))
        self.is_progressive = self.marker == 0xC2


class Scan:
    def __init__(self, frame, flags):
        self.frame, self.tables_before, self.pads_with_ones = frame, flags >> 5 & 3, not flags & 8
        self.intervals, self.zero_runs = {}, {}

    def read_header(self, reader):
        headers = [reader.bytes(2) for _ in range(reader.byte())]
        self.components = [(index, tables >> 4, tables & 15) for index, tables in headers]  # index, Td, Ta
        self.Ss, self.Se, approximation = reader.bytes(3)
        self.Ah, self.Al = approximation >> 4, approximation & 15

    def set_usual_header(self, index):
        """Usual scans."""
        quantisation = [component[3] for component in self.frame.components]
        everything = list(range(len(quantisation)))
        if not self.frame.is_progressive:
            scans = [(everything, 0, 63, 0, 0)]
        elif len(quantisation) == 3 and [number > 0 for number in quantisation] == [False, True, True]:
            scans = [
                (everything, 0, 0, 0, 1), ([0], 1, 5, 0, 2), ([2], 1, 63, 0, 1), ([1], 1, 63, 0, 1), ([0], 6, 63, 0, 2),
                ([0], 1, 63, 2, 1), (everything, 0, 0, 1, 0), ([2], 1, 63, 1, 0), ([1], 1, 63, 1, 0),
                ([0], 1, 63, 1, 0),
            ]  # fmt: skip
        else:
            scans = [(everything, 0, 0, 0, 1)]
            scans += [([c], *band, 0, 2) for band in ((1, 5), (6, 63)) for c in everything]
            scans += [([c], 1, 63, 2, 1) for c in everything]
            scans += [(everything, 0, 0, 1, 0)] + [([c], 1, 63, 1, 0) for c in everything]
        reading.require(index < len(scans), "there is no usual scan any more")
        chosen, self.Ss, self.Se, self.Ah, self.Al = scans[index]
        uses_ac = not self.frame.is_progressive or self.Ss > 0
        numbers = [min(quantisation[c], 1) for c in chosen]
        self.components = [(c, n * self.uses_dc_tables(), n * uses_ac) for c, n in zip(chosen, numbers)]

    def uses_dc_tables(self):
        return not self.frame.is_progressive or (self.Ss == 0 and self.Ah == 0)

    def tables_used(self):
        """Tc << 4 | Th, each once."""
        used = []
        for _, Td, Ta in self.components:
            used += [Td] if self.uses_dc_tables() else []
            used += [16 | Ta] if not self.frame.is_progressive or self.Se > 0 else []
        return list(dict.fromkeys(used))

    def mcus(self):
        """The MCUs, lists of (number in the scan, row of blocks, block)."""
        frame = self.frame
        factors = [frame.components[c][1:3] for c, _, _ in self.components]
        if len(factors) == 1:
            h, v = factors[0]
            wide, high = -(-frame.width * h // frame.H), -(-frame.height * v // frame.V)
            return [[(0, y, x)] for y in range(-(-high // 8)) for x in range(-(-wide // 8))]
        return [
            [(i, y * v + j, x * h + k) for i, (h, v) in enumerate(factors) for j in range(v) for k in range(h)]
            for y in range(frame.mcus_down)
            for x in range(frame.mcus_across)
        ]


# --- Rebuilding the file ---
def rebuild(record, coefficients):
    """The JPEG file; `coefficients` are those of all images, in order."""
    own = coefficients.pop(0)
    return Writer(record, own, [rebuild(inner, coefficients) for inner in record.nested]).write()


class Writer:
    def __init__(self, record, coefficients, nested):
        self.parts, self.frame = record.parts, record.frame
        self.coefficients, self.nested, self.literals = coefficients, nested, reading.Reader(record.literals)
        self.restart_interval = 0
        self.huffman = {class_ << 4 | number: STANDARD[1 + number, class_] for class_ in (0, 1) for number in (0, 1)}

    def write(self):
        parts = [getattr(self, "_" + kind)(fields, i) for i, (kind, fields) in enumerate(self.parts)]
        return b"".join([b"\xff\xd8", *parts])

    def _eoi(self, _, i):
        return b"\xff\xd9"

    def _bytes(self, piece, i):
        length, positions = piece
        out, at = b"", 0
        for position in positions:
            out += self.literals.bytes(position - at) + self.nested.pop(0)
            at = position
        return out + self.literals.bytes(length - at)

    def _segment(self, fields, i):
        return segment(fields[0], self._bytes(fields[1], i))

    def _jfif(self, fields, i):
        return segment(0xE0, b"JFIF\0\1" + struct.pack(">BBHH", *fields) + b"\0\0")

    def _dqt(self, tables, i):
        payload = b""
        for id_, steps in tables:
            payload += bytes([id_]) + steps[ZIGZAG].astype(">u2" if id_ >> 4 else np.uint8).tobytes()
        return segment(0xDB, payload)

    def _dht(self, tables, i):
        scan, interval = None, self.restart_interval  # of the next scan
        for kind, fields in self.parts[i:]:
            if kind == "scan":
                scan = fields
                break
            interval = fields if kind == "dri" else interval
        payload = b""
        for id_, table in tables:
            table = table or optimal_table(self._frequencies(scan, interval).get(id_, {}))
            self.huffman[id_] = table
            payload += bytes([id_]) + table[0] + table[1]
        return segment(0xC4, payload)

    def _sof(self, frame, i):
        height = 0 if frame.has_dnl else frame.height
        payload = struct.pack(">BHHB", frame.precision, height, frame.width, len(frame.components))
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
        out = b""
        for id_ in scan.tables_used() if scan.tables_before else ():
            form = 1 + (id_ & 15) if scan.tables_before == 1 else 3
            out += self._dht([(id_, STANDARD.get((form, id_ >> 4)))], i)
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

    def _frequencies(self, scan, restart_interval):
        """Of the symbols of each table."""
        result = {}
        for table, value, _ in (token for tokens in self._tokens(scan, restart_interval) for token in tokens):
            if table is not None:
                symbols = result.setdefault(table, {})
                symbols[value] = symbols.get(value, 0) + 1
        return result

    @staticmethod
    def _entropy_coded(tokens, codes, padding):
        out = reading.Bits(lowest_first=False)
        for table, value, size in tokens:
            out.write(*((value, size) if table is None else codes[table][value]))
        out.write(padding, -len(out) % 8)
        return out.bytes().replace(b"\xff", b"\xff\0")

    def _tokens(self, scan, restart_interval):
        """For each interval: (table, symbol, None), or (None, bits, number of bits)."""
        mcus = scan.mcus()
        size = restart_interval or len(mcus)
        intervals, block = [], 0
        coder = ScanCoder(scan, self.coefficients)
        for number, start in enumerate(range(0, len(mcus), size)):
            members = mcus[start : start + size]
            coded = scan.intervals.get(number, {}).get("coded", len(members))
            coder.begin()
            for i, mcu in enumerate(members):
                for component, y, x in mcu:
                    if i < coded:
                        coder.code(block, component, y, x)
                    block += 1
            coder.write_run()
            intervals.append(coder.tokens)
        return intervals


def segment(marker, payload):
    return bytes([0xFF, marker]) + (len(payload) + 2).to_bytes(2, "big") + payload


def code_of(table):
    """Codes (value, length) by symbol."""
    counts, symbols = table
    lengths = [length for length, count in enumerate(counts, 1) for _ in range(count)]
    return reading.canonical_code(zip(lengths, symbols))


# --- Optimal tables ---
def optimal_table(frequencies):
    """The table of libjpeg's jpeg_gen_optimal_table."""
    remaining = {**frequencies, 256: 1}
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

END_OF_BLOCK, ZRL = 0, 0xF0
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

    def bits(self, *values, size=1):
        self.tokens += [(None, value, size) for value in values]

    def code(self, block, component, y, x):
        c, self.Td, Ta = self.scan.components[component]
        self.Ta = 16 | Ta
        self._code(block, component, self.coefficients[c][y, x][ZIGZAG].tolist())

    def _value(self, table, zeros, value):
        """The symbol of zeros and a value's size, and the value."""
        size = abs(value).bit_length()
        self.symbol(table, zeros << 4 | size)
        self.bits(value if value > 0 else value - 1, size=size)

    def _dc(self, component, value):
        self._value(self.Td, 0, value - self.prediction[component])
        self.prediction[component] = value

    def _ac(self, block, values):
        """The first scan of the coefficients; returns whether the block needs an end."""
        zeros = 0
        for value in values:
            if value == 0:
                zeros += 1
                continue
            self.write_run()
            for _ in range(zeros // 16):
                self.symbol(self.Ta, ZRL)
            self._value(self.Ta, zeros % 16, value)
            zeros = 0
        extra, complete = self.scan.zero_runs.get(block, (0, 0))
        if block in self.scan.zero_runs:
            self.write_run()
        for _ in range(extra):
            self.symbol(self.Ta, ZRL)
        return values[-1] == 0 and not complete

    # --- Sequential blocks ---
    def _sequential(self, block, component, z):
        self._dc(component, z[0])
        if self._ac(block, z[1:]):
            self.symbol(self.Ta, END_OF_BLOCK)

    # --- Progressive blocks ---
    def _progressive_dc(self, block, component, z):
        if self.scan.Ah == 0:
            self._dc(component, z[0] >> self.scan.Al)
        else:
            self.bits(z[0] >> self.scan.Al & 1)

    def _first_ac(self, block, component, z):
        scan = self.scan
        if self._ac(block, [int(value / (1 << scan.Al)) for value in z[scan.Ss : scan.Se + 1]]):
            self._join(block, [])

    def _refining_ac(self, block, component, z):
        scan = self.scan
        band = [abs(value) >> scan.Al for value in z[: scan.Se + 1]]
        last = max((k for k in range(scan.Ss, scan.Se + 1) if band[k] == 1), default=-1)
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
            self.bits(int(z[k] > 0), *corrections)
            zeros, corrections = 0, []
        for _ in range(extra):
            corrections = self._zrl(corrections)
        if not complete and band[scan.Se] != 1:
            self._join(block, corrections)

    def _zrl(self, corrections):
        self.write_run()
        self.symbol(self.Ta, ZRL)
        self.bits(*corrections)
        return []

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
        self.bits(self.run, size=s)
        self.bits(*self.run_corrections)
        self.run, self.run_corrections = 0, []
