"""docs/format/deflate.md, "Decisions": rebuilds the deflate streams of any encoder from data and its decisions."""

import zlib

import numpy as np

from . import reading
from .arithmetic import TOTAL, Coder
from .palette import NO_EXTRA, MixedDecisions, fold, spread

# --- Coding ---

MATCHED, CHOSEN, NUMBER, TABLE = range(4)


class Decisions:
    """Mixed decisions of four kinds."""

    def __init__(self, payload):
        self.coder = Coder(payload)
        self.mixed = MixedDecisions(self.coder, 20)

    def decide(self, kind, h, a, b, c, u, v):
        """h: what is hashed, of each of 16 contexts."""
        hashes = np.array([fold(4 * i + kind, h[i], 77) for i in range(16)], np.uint32)
        vectors = (128 * kind + a, 128 * kind + b, 128 * kind + c)
        return self.mixed.decide(
            spread(hashes), 0, kind, vectors, 8 * kind + a % 8, NO_EXTRA, (256 * kind + u, 256 * kind + v),
            seen_base=0 if kind == MATCHED else 256,
        )  # fmt: skip

    def by(self, about, x, y):
        h = [fold(about, 99 if i & 1 else x, 99 if i & 2 else y, i >> 2) for i in range(16)]
        return self.decide(NUMBER, h, about % 64, x % 128, y % 128, about % 64, x % 128)

    def even(self, n):
        value = 0
        for _ in range(n):
            value = value << 1 | self.coder.decision(TOTAL // 2)
        return value

    def number(self, about, x):
        n = 0
        while n < 31 and self.by(about, x, n):
            n += 1
        r = 1
        for _ in range(min(n, 3)):
            r = 2 * r + self.by(about + 1, n << 4 | r, x)
        m = n - min(n, 3)
        return (r << m) + self.even(m) - 1


# --- Deflate: symbols of lengths and distances ---

LENGTH_BASES = [
    *range(3, 11), 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
]  # fmt: skip
LENGTH_BITS = [0] * 8 + [1] * 4 + [2] * 4 + [3] * 4 + [4] * 4 + [5] * 4 + [0]
DISTANCE_BITS = [max(0, s // 2 - 1) for s in range(30)]
DISTANCE_BASES = [1 + s if s < 4 else 1 + ((2 + s % 2) << DISTANCE_BITS[s]) for s in range(30)]
CODE_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
FIXED = [8] * 144 + [9] * 112 + [7] * 24 + [8] * 8, [5] * 30
MISSING = 1 << 20


def length_symbol(length):
    return max(s for s in range(29) if LENGTH_BASES[s] <= length)


def symbol(distance):
    return max(s for s in range(30) if DISTANCE_BASES[s] <= distance)


LENGTH_SYMBOLS = [0] * 3 + [length_symbol(length) for length in range(3, 259)]


def canonical(lengths):
    """(bits reversed, length) of the codes."""
    counts = [0] * 17
    for length in lengths:
        counts[length] += 1
    counts[0] = 0
    reading.require(sum(count << (16 - i) for i, count in enumerate(counts)) <= 1 << 16, "code lengths are no code")
    code, first = 0, [0] * 17
    for i in range(1, 17):
        code = code + counts[i - 1] << 1
        first[i] = code
    codes = []
    for length in lengths:
        codes.append((int(f"{first[length]:0{length}b}"[::-1], 2) if length else 0, length))
        first[length] += 1
    return codes


class BitWriter:
    def __init__(self):
        self.value = self.pending = 0
        self.out = bytearray()

    def write(self, value, size):
        self.value |= value << self.pending
        self.pending += size
        while self.pending >= 8:
            self.out.append(self.value & 255)
            self.value >>= 8
            self.pending -= 8


# --- Code lengths ---


def build_zlib(frequencies, limit):
    """zlib's build_tree and gen_bitlen."""
    f = dict(enumerate(frequencies))
    used = [s for s in f if f[s] > 0]
    last = max(used, default=-1)
    while len(used) < 2:
        last, s = (last + 1, last + 1) if last < 2 else (last, 0)
        used.append(s)
        f[s] = 1
    size, count = len(frequencies), len(used)
    nodes = [None, *((f[s], 0, s) for s in used)]  # frequency, depth, node: a heap from 1 on

    def smaller(a, b):
        return a[0] < b[0] or (a[0] == b[0] and a[1] <= b[1])

    def sift(k):
        v, j = nodes[k], 2 * k
        while j <= count:
            if j < count and smaller(nodes[j + 1], nodes[j]):
                j += 1
            if smaller(v, nodes[j]):
                break
            nodes[k] = nodes[j]
            k, j = j, 2 * j
        nodes[k] = v

    for k in range(count // 2, 0, -1):
        sift(k)
    parents, order, node = {}, [], size
    while True:
        n = nodes[1]
        nodes[1] = nodes[count]
        count -= 1
        sift(1)
        m = nodes[1]
        order += [n[2], m[2]]
        parents[n[2]] = parents[m[2]] = node
        nodes[1] = (n[0] + m[0], max(n[1], m[1]) + 1, node)
        node += 1
        sift(1)
        if count < 2:
            break
    root = nodes[1][2]
    lengths, counts, overflow = {root: 0}, [0] * (limit + 1), 0
    leaves = []
    for n in reversed(order):
        length = lengths[parents[n]] + 1
        if length > limit:
            length, overflow = limit, overflow + 1
        lengths[n] = length
        if n < size:
            counts[length] += 1
            leaves.append(n)
    result = [lengths.get(s, 0) for s in range(size)]
    if overflow == 0:
        return result
    while overflow > 0:
        bits = limit - 1
        while counts[bits] == 0:
            bits -= 1
        counts[bits] -= 1
        counts[bits + 1] += 2
        counts[limit] -= 1
        overflow -= 2
    _assign(result, reversed(leaves), counts, limit)
    return result


def build_sorted(frequencies, limit, leaf_first):
    """Builders 1 and 2: `leaf_first` says whether a leaf goes before a node of the same weight."""
    size = len(frequencies)
    symbols = sorted((s for s in range(size) if frequencies[s] > 0), key=lambda s: (frequencies[s], s))
    result = [0] * size
    if len(symbols) < 2:
        only = symbols[0] if symbols else 0
        result[only] = result[1 if only == 0 else 0] = 1
        return result
    weights, parents = [], []
    leaf = inner = 0
    for _ in range(len(symbols) - 1):
        weight = 0
        for _ in range(2):
            has_leaf, has_inner = leaf < len(symbols), inner < len(weights)
            f = frequencies[symbols[leaf]] if has_leaf else 0
            if has_leaf and (not has_inner or f < weights[inner] or (leaf_first and f == weights[inner])):
                weight, leaf = weight + f, leaf + 1
            else:
                weight += weights[inner]
                parents[inner] = len(weights)
                inner += 1
        weights.append(weight)
        parents.append(None)
    counts = [0] * (limit + 2)
    counts[1] = 2
    depths = [0] * len(weights)
    for node in range(len(weights) - 2, -1, -1):
        depths[node] = d = depths[parents[node]] + 1
        if d >= limit:
            d = max(length for length in range(1, limit) if counts[length] > 0)
        counts[d] -= 1
        counts[d + 1] += 2
    _assign(result, symbols, counts, limit)
    return result


def _assign(lengths, symbols, counts, limit):
    """Gives the greatest lengths to the first symbols; counts[length] of them have a length."""
    symbol = iter(symbols)
    for length in range(limit, 0, -1):
        for _ in range(counts[length]):
            lengths[next(symbol)] = length


# --- Hashes ---


def hash_of(number, x):
    """Of four bytes, little endian."""
    M, t = 0xFFFFFFFF, x & 0xFFFFFF
    if number in (0, 1, 9):
        return (x * 0x1E35A7BD & M) >> {0: 16, 1: 17, 9: 18}[number]
    if number == 2:
        return (x * 0x9E3779B1 & M) >> 16
    if number == 3:
        return ((t & 255) << 10 ^ (t >> 8 & 255) << 5 ^ t >> 16) & 0x7FFF
    if number == 4:
        return (t ^ t >> 17) & 0xFFF
    if number == 5:
        h = t
        for shift, left, adds in ((3, 1, 0), (5, 0, 1), (4, 1, 0), (17, 0, 1), (25, 1, 0), (6, 0, 1)):
            moved = h << shift & M if left else h >> shift
            h = h + moved & M if adds else h ^ moved
        return h & 0x3FFF
    if number == 6:
        return (int.from_bytes(x.to_bytes(4, "little"), "big") * 0x1E35A7BD & M) >> 15
    if number in (7, 8):
        crc = 0
        for byte in x.to_bytes(4, "little"):
            crc ^= byte
            for _ in range(8):
                crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
        return crc & (0x1FFF if number == 7 else 0x7FFF)

    def m(x):
        a, b = ((half ^ 0x8000) - 0x8000 for half in (x & 0xFFFF, x >> 16))
        return -6069 * a - 26703 * b & M

    return m(m(x)) & 0x7FFF


# --- What the encoder sees ---


class Parameters:
    def __init__(self, reader):
        first = reader.byte()
        self.has_trailing, self.optimal, self.builder = first >> 6 & 1, first >> 5 & 1, first >> 3 & 3
        self.separate, self.odd_padding, self.odd_lengths = first >> 2 & 1, first >> 1 & 1, first & 1
        reading.require(self.builder <= 2, "the builder is invalid")
        self.header = reader.bytes(2)
        self.min_length = reader.byte() + 3
        self.max_distance = min(int.from_bytes(reader.bytes(2), "big") + 1, 32768)
        self.max_steps = min(int.from_bytes(reader.bytes(2), "big"), 4096)
        steps3 = reader.byte()
        self.max_steps3 = 4096 if steps3 >= 63 else steps3
        self.hash = reader.byte() % 11
        nice = reader.byte()
        self.nice_length = 258 if nice == 255 else nice + 1
        insertion = reader.byte()
        self.all_positions = insertion == 0
        self.tail, self.head, self.whole = insertion & 3, insertion >> 2 & 3, insertion >> 4
        reading.require(self.all_positions or not self.optimal, "an optimal parser inserts all positions")
        rules = reader.byte()
        self.halving, self.wrapping, self.skip = rules & 1, rules >> 1 & 1, rules >> 2 & 7
        self.chunks, self.restarting = rules >> 5 & 1, rules >> 6 & 1
        self.row_bytes = reader.varint(1 << 30) if rules >> 7 else 0
        self.trees = self.max_steps >= 1024 and self.all_positions and not self.row_bytes
        self.hash_bytes = 3 if self.hash in (3, 4, 5) else 4


class Matcher:
    """Fronts: the matches that the encoder sees at a position, (length, distance, steps)."""

    def __init__(self, data, p):
        self.data, self.p = data, p
        padded = data + bytes(4)
        xs = [int.from_bytes(padded[i : i + 4], "little") for i in range(len(data))]
        self.main = [hash_of(p.hash, x) for x in xs]
        self.three = [((x & 0xFFFFFF) * 0x1E35A7BD & 0xFFFFFFFF) >> 17 for x in xs]
        self.heads, self.heads3 = {}, {}
        self.links, self.links3, self.entries = {}, {}, {}
        self.inserted = 0
        self.end = len(data)  # of matches: the data or the block
        self.origin = 0
        self.fronts, self.roots, self.children = {}, {}, {}
        if p.all_positions:
            self.before = []  # for each position: its latest one of both chains, and the entries of the main hash
            for i in range(len(data)):
                main, three = self.main[i], self.three[i]
                self.before.append((self.heads.get(main), self.heads3.get(three), self.entries.get(main, 0)))
                if i + 2 < len(data):
                    self.insert(i)

    def insert(self, i):
        for heads, links, hash_ in ((self.heads, self.links, self.main[i]), (self.heads3, self.links3, self.three[i])):
            links[i] = heads.get(hash_)
            heads[hash_] = i
        count = self.entries.get(self.main[i], 0)
        if count == self.p.max_steps:
            count >>= 1
        self.entries[self.main[i]] = count + 1

    def _first(self, i):
        if self.p.all_positions:
            return self.before[i]
        return self.heads.get(self.main[i]), self.heads3.get(self.three[i]), self.entries.get(self.main[i], 0)

    def chain(self, i, is_three):
        """The positions of a chain of i, the latest first."""
        q = self._first(i)[1 if is_three else 0]
        links, last = (self.links3 if is_three else self.links), i
        while q is not None and last - q <= 32768:
            if q < i:
                yield q
            last, q = q, links[q]

    def agree(self, i, q, limit):
        data, n = self.data, 0
        while n < limit and data[i + n] == data[q + n]:
            n += 1
        return n

    def front(self, i):
        """(entries, whether the front is unfinished)."""
        if self.p.trees:
            while self.inserted <= i:
                self.fronts[self.inserted] = self._descend(self.inserted)
                self.inserted += 1
            return self.fronts[i] if i < len(self.data) else ([], False)
        return self._search(i), False

    def _search(self, i):
        p, end = self.p, self.end
        if p.row_bytes:
            return self._run(i)
        limit, max_distance = min(258, end - i), p.max_distance
        if p.chunks:
            rest = min(4096 - (i - self.origin) % 4096, len(self.data) - i)
            limit, max_distance = min(limit, rest), min(max_distance, 32768 - rest)
            if rest < 4:
                return []
        if limit < p.min_length:
            return []
        entries = self._three_bytes(i, limit, max_distance)
        if entries is None:
            return []
        if p.min_length == 3 and p.hash_bytes == 4 and limit == 3:
            return entries
        most = min(p.max_steps, self._first(i)[2]) if p.halving else p.max_steps
        candidates = self.chain(i, False)
        if p.wrapping and not p.all_positions:
            distance = (i - self.heads.get(self.main[i], 0)) % 65536
            candidates, most = ([i - distance] if 0 < distance <= i else []), 1
        longest = max(entries[-1][0] if entries else 0, p.min_length - 1, p.hash_bytes - 1)
        for steps, q in enumerate(candidates):
            if steps >= most or i - q > max_distance:
                break
            n = self.agree(i, q, limit)
            if n > longest and n >= p.hash_bytes:
                longest = n
                add_entry(entries, (n, i - q, steps))
                if n >= p.nice_length or n == limit:
                    break
        return entries

    def _three_bytes(self, i, limit, max_distance):
        p = self.p
        if p.min_length != 3 or p.hash_bytes != 4:
            return []
        for steps, q in enumerate(self.chain(i, True)):
            if steps >= p.max_steps3 or i - q > max_distance:
                break
            n = self.agree(i, q, min(limit, 4))
            if n >= 3:
                return [] if n == 4 else [(3, i - q, steps)]
        return []

    def _run(self, i):
        p, pixel = self.p, self.p.max_distance
        at = i % p.row_bytes - 1
        if at < pixel or at % pixel != 0 or i < pixel:
            return []
        limit = min(p.row_bytes - i % p.row_bytes, self.end - i, 255 - 255 % pixel)
        n = self.agree(i, i - pixel, limit) // pixel * pixel
        return [(n, pixel, 0)] if n >= 3 else []

    def _descend(self, i):
        """Inserts a position into its tree."""
        p, data = self.p, self.data
        limit = min(258, len(data) - i)
        entries = []
        if limit >= p.min_length:
            entries = self._three_bytes(i, limit, p.max_distance)
        longest = max(entries[-1][0] if entries else 0, p.min_length - 1, p.hash_bytes - 1)
        q = self.roots.get(self.main[i])
        self.roots[self.main[i]] = i
        children = self.children[i] = [None, None]  # smaller, greater
        smaller, greater = (children, 0), (children, 1)
        number, unfinished = 0, False
        while True:
            number += 1
            if q is None or i - q > 32768 or number == p.max_steps - 1022:
                unfinished = q is not None and i - q <= 32768
                smaller[0][smaller[1]] = greater[0][greater[1]] = None
                break
            n = self.agree(i, q, limit)
            if n > longest and i - q <= p.max_distance:
                longest = n
                add_entry(entries, (n, i - q, 0))
            if n >= p.nice_length or n == len(data) - i:
                smaller[0][smaller[1]], greater[0][greater[1]] = self.children[q]
                break
            if data[q + n] < data[i + n]:
                smaller[0][smaller[1]] = q
                smaller = (self.children[q], 1)
                q = self.children[q][1]
            else:
                greater[0][greater[1]] = q
                greater = (self.children[q], 0)
                q = self.children[q][0]
        if limit < p.min_length:
            entries = []
        return entries, unfinished


def add_entry(entries, entry):
    if len(entries) >= 32:
        entries.pop()
    entries.append(entry)


# --- Blocks ---


def rebuild(description, data):
    """The zlib stream."""
    reader = reading.Reader(description)
    parameters = Parameters(reader)
    payload = reader.bytes(reader.varint()) if parameters.has_trailing else reader.rest()
    stream = Blocks(parameters, Decisions(payload), data).write()
    return parameters.header + stream + zlib.adler32(data).to_bytes(4, "big") + reader.rest()


STORED, FIXED_CODES, DYNAMIC = 0, 1, 2


class Blocks:
    def __init__(self, parameters, decisions, data):
        self.p, self.d, self.data = parameters, decisions, data
        self.out = BitWriter()
        self.position = 0
        self.tokens = Tokens(self)

    def write(self):
        d, data, by = self.d, self.data, self.d.by
        self.tokens.read_surprise()
        last_type, final, stored = 3, 0, 65535
        tokens = size = 0  # of the last compressed block
        dynamic = 0
        self.tables = [0] * 257, [0]
        self.costs = FIXED
        last_dynamic, has_dynamic = ([0] * 257, [0]), False
        block_start = 0
        while not final:
            final = by(30, int(self.position == len(data)) << 3, last_type)
            kind = 0
            for i in (1, 0):
                kind = kind << 1 | by(31, last_type << 3 | i << 2 | kind, final)
            reading.require(kind != 3, "the type of a block is invalid")
            if self.p.restarting and len(self.out.out) - block_start > 32768:
                self.tokens.matcher.origin = self.position
            block_start = len(self.out.out)
            self.tokens.begin_block()
            self.out.write(final, 1)
            self.out.write(kind, 2)
            last_type = kind
            if kind == STORED:
                self.pad()
                usual = min(stored, len(data) - self.position)
                length = d.number(36, 0) if by(33, 2, final) else usual
                reading.require(length <= min(65535, len(data) - self.position), "a stored block is too long")
                for value in (length, length ^ 0xFFFF):
                    self.out.write(value, 16)
                self.out.out += data[self.position : self.position + length]
                self.position += length
                stored = length or stored
                continue
            end, count = len(data), None
            if not final:
                if tokens and by(33, 0, 0):
                    count = tokens
                elif tokens and by(33, 1, 0):
                    end = self.position + size
                else:
                    end = self.position + d.number(34, 0)
                reading.require(end <= len(data), "a block is beyond the data")
            start = self.position
            if kind == DYNAMIC:
                dynamic += 1
                reading.require(dynamic <= 1024 + len(data) // 64, "there are too many dynamic blocks")
            lengths = FIXED
            header = None
            if kind == DYNAMIC and self.p.optimal:
                lengths = self.read_first(last_dynamic, has_dynamic)
                header = self.read_header(lengths)
            coded = self.tokens.read(end, count, lengths if self.p.optimal else self.costs)
            if kind == DYNAMIC and not self.p.optimal:
                lengths = self.read_after(coded)
                header = self.read_header(lengths)
            if header is not None:
                self.write_header(lengths, *header)
                last_dynamic, has_dynamic, self.costs = lengths, True, lengths
            self.write_tokens(coded, lengths)
            tokens, size = len(coded), self.position - start
        reading.require(self.position == len(data), "the blocks do not hold the data")
        self.pad()
        return bytes(self.out.out)

    def pad(self):
        n = -self.out.pending % 8
        self.out.write(self.d.even(n) if self.p.odd_padding else 0, n)

    # --- Code lengths ---

    def build(self, frequencies, limit):
        if self.p.builder == 0:
            return build_zlib(frequencies, limit)
        return build_sorted(frequencies, limit, self.p.builder == 1)

    def read_counts(self, literals, distances):
        d = self.d
        if d.by(10, 0, 0):
            literals = 257 + d.even(5)
        if d.by(10, 1, 0):
            distances = 1 + d.even(5)
        return literals, distances

    def read_after(self, coded):
        f, g = [0] * 286, [0] * 30
        f[256] = 1
        for _, length, distance, is_odd in coded:
            if distance == 0:
                f[length] += 1
            else:
                f[257 + (27 if is_odd else LENGTH_SYMBOLS[length])] += 1
                g[symbol(distance)] += 1
        expected = self.build(f, 15), self.build(g, 15)
        counts = self.read_counts(*(max(i for i, n in enumerate(part) if n > 0) + 1 for part in expected))
        distances = self.read_differences(1, counts[1], expected[1], g)
        return self.read_differences(0, counts[0], expected[0], f), distances

    def read_differences(self, which, count, expected, frequencies):
        d, result = self.d, []
        missed = recent = 0
        for s in range(count):
            guess = expected[s] if s < len(expected) else 0
            f = frequencies[s] if s < len(frequencies) else 0
            kind = fold(which, guess)
            contexts = [
                fold(kind, f.bit_length()), fold(kind, recent & 7), fold(which, min(missed, 12), recent & 3),
                fold(kind, f, min(missed, 2)),
            ]  # fmt: skip
            differs = d.decide(TABLE, contexts * 4, which, guess, min(missed, 20), which, which)
            recent = recent << 1 | differs
            missed += differs
            length = guess
            if differs:
                up = guess == 0 or (guess < 15 and d.by(11, which, guess))
                step = min(1 + d.number(12, which), 15)
                length = min(max(guess + step if up else guess - step, 0), 15)
            result.append(length)
        return result

    def read_first(self, before, has_before):
        counts = self.read_counts(*map(len, before))
        result = []
        for which, count in enumerate(counts):
            old_lengths = before[which] if has_before else []
            lengths, drift, last, second = [], 8, 0, 0
            for s in range(count):
                old = old_lengths[s] if s < len(old_lengths) else 0
                following = old_lengths[s + 1] if s + 1 < len(old_lengths) else 0
                zone = 3 if which else 0 if s < 256 else 1 if s == 256 else 2
                length = self._read_first_length(s, zone, old, following, last, second, drift)
                if old and length:
                    drift = min(max(3 * drift + 8 + 4 * (length - old) + 2 >> 2, 0), 15)
                last, second = length, last
                lengths.append(length)
            result.append(lengths)
        return tuple(result)

    def _read_first_length(self, s, zone, old, following, last, second, drift):
        node = 1
        for _ in range(4):
            h = fold(node, zone)
            contexts = [
                fold(h, old), fold(h, old, last), fold(h, last, second), fold(h, last), fold(h, s, old),
                fold(h, old, following), fold(h, old, drift), fold(h, old, last, drift), fold(h, s, 5),
                fold(h, min(s, 510 - s & 0xFFFFFFFF) & 255, zone), fold(h, last + second + 1 >> 1),
                fold(h, old, last + second + following >> 1), fold(h, old, fold(last, following)), fold(h, s >> 3),
                fold(h, s >> 2, last), h,
            ]  # fmt: skip
            place = zone << 4 | node
            bit = self.d.decide(TABLE, contexts, 32 + place, zone << 4 | old, node, 128 + place, 128 + (old << 2 | zone))
            node = node << 1 | bit
        return node & 15

    def read_header(self, lengths):
        """The operations (symbol, extra bits, their number), and the code length code."""
        d, split = self.d, len(lengths[0])
        every = [*lengths[0], *lengths[1]]
        operations, at, state = [], 0, 0
        while at < len(every):
            length = every[at]
            end = split if self.p.separate and at < split else len(every)
            run = 1
            while at + run < end and every[at + run] == length:
                run += 1
            across = self.p.separate and at == split
            again = int(at > 0 and not across and every[at - 1] == length)
            unusual = d.by(14, min(run, 20) | again << 5 | int(length == 0) << 6, state & 3)
            state = state << 1 | unusual
            code, count = length, 1
            if unusual:
                choice = d.even(2)
                if choice:
                    code = 15 + choice
                    count = d.even((2, 3, 7)[choice - 1]) + (3, 3, 11)[choice - 1]
            elif length == 0 and run >= 3:
                code, count = (18, min(run, 138)) if run >= 11 else (17, run)
            elif length != 0 and again and run >= 3:
                code, count = 16, min(run, 6)
            expected = every[at - 1] if code == 16 and at > 0 else 0 if code > 16 else length
            fits = at + count <= len(every) and all(n == expected for n in every[at : at + count])
            reading.require(fits and (code != 16 or at > 0), "an operation does not write the lengths that follow")
            bits = {16: (count - 3, 2), 17: (count - 3, 3), 18: (count - 11, 7)}.get(code, (0, 0))
            operations.append((code, *bits))
            at += count
        f = [0] * 19
        for code, _, _ in operations:
            f[code] += 1
        code_lengths = self.read_differences(2, 19, self.build(f, 7), f)
        reading.require(max(code_lengths) <= 7, "a code length code is too long")
        used = max([4, *(i + 1 for i, s in enumerate(CODE_ORDER) if code_lengths[s] > 0)])
        count = used
        if d.by(10, 2, 0):
            count = 4 + d.even(4)
            reading.require(used <= count <= 19, "the number of code length codes is invalid")
        return operations, code_lengths, count

    def write_header(self, lengths, operations, code_lengths, count):
        literals, distances = lengths
        reading.require(257 <= len(literals) <= 286 and 1 <= len(distances) <= 30, "the numbers of codes are invalid")
        out = self.out
        out.write(len(literals) - 257, 5)
        out.write(len(distances) - 1, 5)
        out.write(count - 4, 4)
        for s in CODE_ORDER[:count]:
            out.write(code_lengths[s], 3)
        codes = canonical(code_lengths)
        for code, value, size in operations:
            self.write_symbol(codes, code)
            out.write(value, size)

    def write_symbol(self, codes, s):
        reading.require(s < len(codes) and codes[s][1] > 0, "a symbol has no code")
        self.out.write(*codes[s])

    def write_tokens(self, coded, lengths):
        literals, distances = canonical(lengths[0]), canonical(lengths[1])
        for _, length, distance, is_odd in coded:
            if distance == 0:
                self.write_symbol(literals, length)
                continue
            s = 27 if is_odd else LENGTH_SYMBOLS[length]
            self.write_symbol(literals, 257 + s)
            self.out.write(length - LENGTH_BASES[s], LENGTH_BITS[s])
            s = symbol(distance)
            self.write_symbol(distances, s)
            self.out.write(distance - DISTANCE_BASES[s], DISTANCE_BITS[s])
        self.write_symbol(literals, 256)


# --- Tokens ---


def grade(x):
    d = abs(x)
    g = 0 if d == 0 else 1 + (d >> 2) if d < 16 else 4 + (d >> 4) if d < 64 else 7 + (d >> 5) if d < 256 else 15
    return 16 + g if x >= 0 else 16 - g


def better(m, n):
    if m[0] < n[0]:
        return 0
    value = 4 * (m[0] - n[0]) + n[1].bit_length() - m[1].bit_length() + 12
    return min(max(value, 1), 31)


class Costs:
    """16 times the bits of symbols."""

    def __init__(self, lengths):
        self.literals, self.distances = lengths

    @staticmethod
    def _of(lengths, s, extra):
        return 16 * (lengths[s] + extra) if s < len(lengths) and lengths[s] else MISSING

    def literal(self, byte):
        return self._of(self.literals, byte, 0)

    def length(self, length):
        s = LENGTH_SYMBOLS[length]
        return self._of(self.literals, 257 + s, LENGTH_BITS[s])

    def distance(self, distance):
        s = symbol(distance)
        return self._of(self.distances, s, DISTANCE_BITS[s])


class Tokens:
    def __init__(self, blocks):
        self.blocks, self.p, self.d, self.data = blocks, blocks.p, blocks.d, blocks.data
        self.matcher = Matcher(self.data, self.p)
        self.number, self.surprise = 0, -1
        self.history = self.rank_history = self.declined = self.since = self.last_distance = self.longest = 0
        self.before = 1

    def read_surprise(self):
        step = self.d.number(26, 0)
        self.surprise = None if step == 0 else self.surprise + step

    def begin_block(self):
        self.next, self.n = self.blocks.position, 1 << self.p.skip

    def read(self, end, count, lengths):
        """The tokens of a block, (position, byte, 0, False) or (position, length, distance, odd)."""
        self.end, self.costs = end, Costs(lengths)
        self.matcher.end = end if self.p.optimal else len(self.data)
        self.path = Path(self) if self.p.optimal else None
        coded, p = [], self.blocks.position
        while (len(coded) < count) if count is not None else p < end:
            reading.require(p < len(self.data), "a block is beyond the data")
            length, distance, is_odd = self._token(p)
            coded.append((p, length if distance else self.data[p], distance, is_odd))
            p += length if distance else 1
        reading.require(p <= end, "a token crosses the end of its block")
        self.blocks.position = p
        return coded

    def _token(self, p):
        is_surprise = self.number == self.surprise
        self.number += 1
        searched = self._is_searched(p)
        entries, unfinished = self.matcher.front(p) if searched else ([], False)
        self.p_inserted = False
        if self.path is not None:
            self.path.prepare(p)
        match, certain = None, True
        if is_surprise:
            match = self._no_option(p)
            self.read_surprise()
        elif entries or unfinished:
            certain = False
            now = self._at(entries, self.p.max_steps)
            self.longest = now[0]
            if self._matched(p, entries, now):
                match = self._match(p, entries, now)
            self.history = self.history << 1 & 0xFFFFFFFF | (match is not None)
        length, distance = match or (1, 0)
        is_odd = bool(self.p.odd_lengths and length == 258 and self.d.by(24, 0, 0))
        self._insert(p, length if distance else 1, searched)
        self.declined = 0 if distance or certain else now[0]
        self.since = 0 if distance else min(self.since + 1, 1199)
        self.before = length if distance else 1
        if distance:
            self.last_distance = distance
        self._advance(p, length, distance)
        return length, distance, is_odd

    # --- Which positions are searched and inserted ---

    def _is_searched(self, p):
        return not self.p.skip or p == self.next

    def _advance(self, p, length, distance):
        skip = self.p.skip
        if distance:
            self.next, self.n = p + length, (1 << skip) - 1
        elif p == self.next:
            step = max(1, self.n >> skip)
            self.next, self.n = self.next + step, self.n + step

    def _can_insert(self, p):
        if p + 2 >= len(self.data):
            return False
        if self.p.chunks:
            return min(4096 - (p - self.matcher.origin) % 4096, len(self.data) - p) >= 4
        return True

    def _insert(self, p, length, searched):
        """Positions of a token; the first one may be inserted already."""
        if self.p.all_positions:
            return
        if searched and not self.p_inserted and self._can_insert(p):
            self.matcher.insert(p)
        for k in range(1, length):
            if length <= self.p.whole or k <= self.p.head or length - k <= self.p.tail:
                if self._can_insert(p + k):
                    self.matcher.insert(p + k)

    # --- Options ---

    @staticmethod
    def _at(entries, steps):
        return next((entry for entry in reversed(entries) if entry[2] < steps), (0, 1, 0))

    def _front(self, p):
        return self.matcher.front(p)[0] if p < len(self.data) else []

    def _options(self, p, entries):
        """(length, distance, cost)."""
        if self.path is None:
            return [(length, distance, 0) for length, distance, _ in reversed(entries)]
        options = self.path.options(p, entries)
        return sorted(options, key=lambda option: (option[2], option[0]))[:24]

    # --- Matched ---

    def _matched(self, p, entries, now):
        P, at = self.p, self._at
        half = max(1, P.max_steps >> 1)
        n = at(entries, half) if self.declined > 0 else now
        better2 = l2 = 0
        if P.all_positions:
            m2 = at(self._front(p + 2), max(1, P.max_steps >> 2))
            better2, l2 = better(m2, n), m2[0]
        elif self._can_insert(p):
            self.matcher.insert(p)
        self.p_inserted = True
        following = self._front(p + 1)
        better1 = better(at(following, half), n)
        after = at(following, P.max_steps)
        nxt, D1 = min(after[0], 40), symbol(after[1])
        self.options = options = self._options(p, entries)
        g = m = 16
        c1 = c2 = 0
        if options:
            c1, c2, cost = options[0]
            literals = sum(min(self.costs.literal(byte), 240) for byte in self.data[p : p + min(c1, 12)])
            g = grade(literals - min(self.costs.length(c1), 480) - min(self.costs.distance(c2), 480))
            if self.path is not None:
                m = grade(cost - self.path.literal(p))
        l, D = min(now[0], 40), symbol(now[1])
        index = entries.index(now) if now in entries else 0
        second = entries[index - 1][0] if index > 0 else 0
        lazy, two = better1 << 5 | better2, fold(l, nxt)
        before, since, declined, history = min(self.before, 20), self.since, self.declined, self.history
        h = [
            fold(two, min(l2, 20), D, history & 1), fold(two, D, D1), fold(l, c2, m),
            fold(two, min(declined, 20), before), fold(l, D, min(now[2], 63)), fold(two, D, m), fold(min(l, 5), since, 6),
            fold(lazy, min(n[0], 20), int(declined > 0)), fold(l, g, m), fold(lazy, fold(symbol(n[1]), min(n[0], 6))),
            fold(fold(l, D), fold(min(since, 20), since % 12)), fold(two, history & 63, m),
            fold(fold(l, D), fold(before, nxt)), fold(better1, fold(min(n[0], 20), second)),
            fold(fold(m, c1), fold(g, nxt)), fold(m, l, 15),
        ]  # fmt: skip
        optimal = self.path is not None
        return self.d.decide(
            MATCHED, h, min(l, 15) | min(nxt, 7) << 4,
            m | (history & 3) << 5 if optimal else better1 | min(better2, 3) << 5,
            D | min(max(0, nxt - l + 1), 3) << 5, min(l, 7) | (m if optimal else better1) << 3, g | min(nxt, 7) << 5,
        )  # fmt: skip

    # --- The match ---

    def _match(self, p, entries, now):
        options = self.options
        half_length = self._at(entries, max(1, self.p.max_steps >> 1))[0]
        steps = {(entry[0], entry[1]): entry[2] for entry in entries}
        for k, (length, d, cost) in enumerate(options):
            l1, d1, cost1 = options[k + 1] if k + 1 < len(options) else (0, 0, None)
            m = lost = 0
            if self.path is not None:
                m = grade(cost1 - cost) if cost1 is not None else 0
                lost = grade(cost - options[0][2])
            rank, l0, D, L, L1 = min(k, 7), min(now[0], 63), symbol(d), min(length, 63), min(l1, 63)
            f = int(length == half_length) | int(self.declined > 0) << 1 | int(length > self.declined) << 2
            ranks = self.rank_history
            h = [
                fold(rank, L, m), fold(rank, D, m), fold(rank, L, fold(L1, m)), fold(rank, lost, m),
                fold(rank, ranks & 15, m), fold(rank, ranks & 255, L), fold(rank, l0, fold(L, D)),
                fold(rank, fold(L, f)), fold(rank, fold(l0, fold(f, L))),
                fold(rank, fold(f, int(d == self.last_distance))), fold(rank, fold(D, symbol(max(1, d1)))),
                fold(rank, fold(min(now[2], 31), L)), fold(rank, fold(len(options), m)), fold(rank, fold(d, 13)),
                fold(fold(L, L1), fold(D, lost)), fold(rank, 15),
            ]  # fmt: skip
            if self.d.decide(
                CHOSEN, h, rank | min(L, 15) << 3, m, lost | min(rank, 3) << 5, rank << 5 | m, rank << 5 | lost
            ):
                self.rank_history = self.rank_history << 4 & 0xFFFFFFFF | min(k, 14)
                return length, d
        self.rank_history = self.rank_history << 4 & 0xFFFFFFFF | 15
        return self._no_option(p)

    def _no_option(self, p):
        d = self.d
        length = 3 + d.number(20, min(self.longest, 20))
        r = d.number(22, min(length, 10))
        reading.require(length <= 258 and p + length <= len(self.data), "the data do not have a match")
        if r == 0:
            distance = 1 + d.even(15)
        else:
            found = self._agreeing(p, length)
            distance = next((p - q for i, q in enumerate(found) if i == r - 1), 0)
        fits = 0 < distance <= p and self.matcher.agree(p, p - distance, length) == length
        reading.require(fits, "the data do not have a match")
        return length, distance

    def _agreeing(self, p, length):
        for steps, q in enumerate(self.matcher.chain(p, length == 3)):
            if steps >= 4096:
                return
            if self.matcher.agree(p, q, length) == length:
                yield q


# --- Shortest path ---


class Path:
    def __init__(self, tokens):
        self.tokens, self.costs = tokens, tokens.costs
        self.first, self.last, self.rests = 0, -1, {}

    def prepare(self, p):
        """Computes the segment that begins at a token, unless the segment before has it."""
        if self.first <= p <= self.last:
            return
        end = self.tokens.end
        self.first, self.last = p, min(p + 16384, end)
        stop = min(self.last + 2048, end)
        self.rests = {}
        skipped, fronts = 0, {}
        for q in range(p, stop):
            fronts[q] = self.tokens._front(q)
            if skipped > 0:
                skipped -= 1
                fronts[q] = []
            elif fronts[q] and fronts[q][-1][0] >= self.tokens.p.nice_length:
                skipped = fronts[q][-1][0] - 1
        for q in range(stop - 1, p - 1, -1):
            best = self.costs.literal(self.tokens.data[q]) + self._rest(q + 1)
            for _, _, cost in self._costs_of(q, fronts[q]):
                best = min(best, cost)
            self.rests[q] = min(best, 1 << 29)

    def _rest(self, q):
        return self.rests.get(q, 0)

    def _costs_of(self, p, entries):
        reached = 2
        for length, distance, _ in entries:
            cost = self.costs.distance(distance)
            for n in range(reached + 1, min(length, self.tokens.end - p) + 1):
                yield n, distance, self.costs.length(n) + cost + self._rest(p + n)
            reached = max(reached, length)

    def literal(self, p):
        return self.costs.literal(self.tokens.data[p]) + self._rest(p + 1)

    def options(self, p, entries):
        return list(self._costs_of(p, entries))
