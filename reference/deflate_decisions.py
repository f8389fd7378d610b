"""docs/format/deflate.md, "Decisions": rebuilds the deflate streams of any encoder from data and its decisions."""

import bisect
import itertools
import zlib

import numpy as np

from . import reading
from .arithmetic import Coder
from .palette import NO_EXTRA, MixedDecisions, fold, spread

# --- Coding ---

MATCHED, CHOSEN, NUMBER, TABLE = range(4)


class Decisions:
    """Mixed decisions of four kinds."""

    def __init__(self, payload):
        coder = Coder(payload)
        self.mixed, self.even = MixedDecisions(coder, 20), coder.bits_of_half

    def decide(self, kind, h, a, b, c, u, v):
        """h: what is hashed, of each of 16 contexts."""
        hashes = np.array([fold(4 * i + kind, h[i], 77) for i in range(16)])
        vectors = (128 * kind + a, 128 * kind + b, 128 * kind + c)
        apms, seen_base = (256 * kind + u, 256 * kind + v), 0 if kind == MATCHED else 256
        return self.mixed.decide(spread(hashes), 0, kind, vectors, 8 * kind + a % 8, NO_EXTRA, apms, seen_base)

    def by(self, about, x, y):
        h = [fold(about, 99 if i & 1 else x, 99 if i & 2 else y, i >> 2) for i in range(16)]
        return self.decide(NUMBER, h, about % 64, x % 128, y % 128, about % 64, x % 128)

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

LENGTH_BASES = [*range(3, 11), *range(11, 19, 2), *range(19, 35, 4), *range(35, 67, 8), *range(67, 131, 16)]
LENGTH_BASES += [131, 163, 195, 227, 258]
LENGTH_BITS = [0] * 8 + [1] * 4 + [2] * 4 + [3] * 4 + [4] * 4 + [5] * 4 + [0]
DISTANCE_BITS = [max(0, s // 2 - 1) for s in range(30)]
DISTANCE_BASES = [1 + s if s < 4 else 1 + ((2 + s % 2) << DISTANCE_BITS[s]) for s in range(30)]
CODE_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
FIXED = [8] * 144 + [9] * 112 + [7] * 24 + [8] * 8, [5] * 30
MISSING = 1 << 20


def symbol(distance):
    return bisect.bisect_right(DISTANCE_BASES, distance) - 1


LENGTH_SYMBOLS = [bisect.bisect_right(LENGTH_BASES, length) - 1 for length in range(259)]


def canonical(lengths):
    """(bits reversed, length) of the codes, by symbol."""
    codes = reading.canonical_code(sorted((length, s) for s, length in enumerate(lengths) if length))
    return {s: (int(f"{code:0{length}b}"[::-1], 2), length) for s, (code, length) in codes.items()}


# --- Code lengths ---
def build_zlib(frequencies, limit):
    """zlib's build_tree and gen_bitlen."""
    f = {s: n for s, n in enumerate(frequencies) if n > 0}
    while len(f) < 2:
        last = max(f, default=-1)
        f[last + 1 if last < 2 else 0] = 1
    size, count = len(frequencies), len(f)
    nodes = [None, *((n, 0, s) for s, n in f.items())]  # frequency, depth, node: a heap from 1 on

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
    while count > 1:
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
    lengths, overflow = {nodes[1][2]: 0}, 0
    for n in reversed(order):
        length = lengths[parents[n]] + 1
        overflow += length > limit
        lengths[n] = min(length, limit)
    result = [lengths.get(s, 0) for s in range(size)]
    if overflow > 0:
        counts = [result.count(length) for length in range(limit + 1)]
        for _ in range(0, overflow, 2):
            bits = max(length for length in range(1, limit) if counts[length] > 0)
            counts[bits] -= 1
            counts[bits + 1] += 2
            counts[limit] -= 1
        _assign(result, (n for n in order if n < size), counts, limit)
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


MULTIPLIED = {0: (0x1E35A7BD, 16), 1: (0x1E35A7BD, 17), 2: (0x9E3779B1, 16), 9: (0x1E35A7BD, 18)}


def hash_of(number, x):
    """Of four bytes, little endian."""
    M, t = 0xFFFFFFFF, x & 0xFFFFFF
    if number in MULTIPLIED:
        factor, shift = MULTIPLIED[number]
        return (x * factor & M) >> shift
    if number == 3:
        return ((t & 255) << 10 ^ (t >> 8 & 255) << 5 ^ t >> 16) & 0x7FFF
    if number == 4:
        return (t ^ t >> 17) & 0xFFF
    if number == 5:
        for left, right in ((3, 5), (4, 17), (25, 6)):
            t ^= t << left & M
            t = t + (t >> right) & M
        return t & 0x3FFF
    if number == 6:
        return (int.from_bytes(x.to_bytes(4, "little"), "big") * 0x1E35A7BD & M) >> 15
    if number in (7, 8):
        for _ in range(32):
            x = x >> 1 ^ (0x82F63B78 if x & 1 else 0)
        return x & (0x1FFF if number == 7 else 0x7FFF)
    for _ in range(2):
        a, b = ((half ^ 0x8000) - 0x8000 for half in (x & 0xFFFF, x >> 16))
        x = -6069 * a - 26703 * b & M
    return x & 0x7FFF


# --- What the encoder sees ---
class Parameters:
    def __init__(self, reader):
        first = reader.byte()
        self.has_trailing, self.optimal, self.builder = first >> 6 & 1, first >> 5 & 1, first >> 3 & 3
        self.separate, self.odd_padding, self.odd_lengths = first >> 2 & 1, first >> 1 & 1, first & 1
        self.header = reader.bytes(2)
        self.min_length = reader.byte() + 3
        self.max_distance, self.max_steps = min(reader.number(2) + 1, 32768), min(reader.number(2), 4096)
        steps3, hash_, nice, insertion, rules = reader.bytes(5)
        self.max_steps3, self.nice_length = 4096 if steps3 >= 63 else steps3, 258 if nice == 255 else nice + 1
        self.hash = hash_ % 11
        self.all_positions = insertion == 0
        self.tail, self.head, self.whole = insertion & 3, insertion >> 2 & 3, insertion >> 4
        reading.require(self.all_positions or not self.optimal, "an optimal parser inserts all positions")
        self.halving, self.wrapping, self.skip = rules & 1, rules >> 1 & 1, rules >> 2 & 7
        self.chunks, self.restarting = rules >> 5 & 1, rules >> 6 & 1
        self.row_bytes = reader.varint(1 << 30) if rules >> 7 else 0
        self.trees = self.max_steps >= 1024 and self.all_positions and not self.row_bytes
        self.hash_bytes = 3 if self.hash in (3, 4, 5) else 4


def agree(data, i, q, limit):
    """How many bytes from two positions on are the same."""
    n = 0
    while n < limit and data[i + n] == data[q + n]:
        n += 1
    return n


class Matcher:
    """Fronts: the matches that the encoder sees at a position, (length, distance, steps)."""

    def __init__(self, data, p):
        self.data, self.p = data, p
        padded = data + bytes(4)
        xs = [int.from_bytes(padded[i : i + 4], "little") for i in range(len(data))]
        main, three = [hash_of(p.hash, x) for x in xs], [((x & 0xFFFFFF) * 0x1E35A7BD & 0xFFFFFFFF) >> 17 for x in xs]
        self.hashes, self.heads, self.links = (main, three), ({}, {}), ({}, {})  # of both chains
        self.entries = {}  # of main hashes
        self.end, self.origin = len(data), 0  # of matches: the end of the data or of the block
        self.fronts, self.roots, self.children = [], {}, {}
        self.before = []  # with all positions: what each position sees
        for i in range(len(data) if p.all_positions else 0):
            self.before.append(self._sight(i))
            if i + 2 < len(data):
                self.insert(i)

    def insert(self, i):
        for hashes, heads, links in zip(self.hashes, self.heads, self.links):
            links[i] = heads.get(hashes[i])
            heads[hashes[i]] = i
        main = self.hashes[0][i]
        count = self.entries.get(main, 0)
        self.entries[main] = (count >> 1 if count == self.p.max_steps else count) + 1

    def _sight(self, i):
        """The first positions of both chains, and the entries of the main one."""
        if i < len(self.before):
            return self.before[i]
        main, three = (heads.get(hashes[i]) for hashes, heads in zip(self.hashes, self.heads))
        return main, three, self.entries.get(self.hashes[0][i], 0)

    def chain(self, i, is_three):
        """The positions of a chain of i, the latest first."""
        q, last = self._sight(i)[is_three], i
        while q is not None and last - q <= 32768:
            if q < i:
                yield q
            last, q = q, self.links[is_three][q]

    def front(self, i):
        """(entries, whether the front is unfinished)."""
        if not self.p.trees:
            return self._search(i), False
        while len(self.fronts) <= min(i, len(self.data) - 1):
            self.fronts.append(self._descend(len(self.fronts)))
        return self.fronts[i] if i < len(self.data) else ([], False)

    def _search(self, i):
        p, end = self.p, self.end
        if p.row_bytes:
            return self._run(i)
        limit, max_distance = min(258, end - i), p.max_distance
        if p.chunks:
            rest = min(4096 - (i - self.origin) % 4096, len(self.data) - i)
            limit, max_distance = min(limit, rest) if rest >= 4 else 0, min(max_distance, 32768 - rest)
        if limit < p.min_length:
            return []
        entries = self._three_bytes(i, limit, max_distance)
        if p.min_length == 3 and p.hash_bytes == 4 and limit == 3:
            return entries
        most = min(p.max_steps, self._sight(i)[2]) if p.halving else p.max_steps
        candidates = self.chain(i, False)
        if p.wrapping and not p.all_positions:
            distance = (i - (self._sight(i)[0] or 0)) % 65536
            candidates, most = ([i - distance] if 0 < distance <= i else []), 1
        for steps, q in enumerate(candidates):
            if steps >= most or i - q > max_distance:
                break
            n = agree(self.data, i, q, limit)
            if self._add(entries, (n, i - q, steps)) and (n >= p.nice_length or n == limit):
                break
        return entries

    def _add(self, entries, entry):
        """Whether a match is longer than all entries, which it then joins."""
        if entry[0] <= max(entries[-1][0] if entries else 0, self.p.min_length - 1, self.p.hash_bytes - 1):
            return False
        entries[31:] = []
        entries.append(entry)
        return True

    def _three_bytes(self, i, limit, max_distance):
        p = self.p
        if p.min_length != 3 or p.hash_bytes != 4:
            return []
        for steps, q in enumerate(self.chain(i, True)):
            if steps >= p.max_steps3 or i - q > max_distance:
                break
            n = agree(self.data, i, q, min(limit, 4))
            if n >= 3:
                return [] if n == 4 else [(3, i - q, steps)]
        return []

    def _run(self, i):
        p, pixel = self.p, self.p.max_distance
        at = i % p.row_bytes - 1
        if at < pixel or at % pixel != 0 or i < pixel:
            return []
        limit = min(p.row_bytes - i % p.row_bytes, self.end - i, 255 - 255 % pixel)
        n = agree(self.data, i, i - pixel, limit) // pixel * pixel
        return [(n, pixel, 0)] if n >= 3 else []

    def _descend(self, i):
        """Inserts a position into its tree."""
        p, data, main = self.p, self.data, self.hashes[0][i]
        limit = min(258, len(data) - i)
        entries = self._three_bytes(i, limit, p.max_distance)
        q = self.roots.get(main)
        self.roots[main] = i
        self.children[i] = [None, None]  # smaller, greater
        open_ = [(i, 0), (i, 1)]  # the places smaller and greater
        number, unfinished = 0, False
        while True:
            number += 1
            if q is None or i - q > 32768 or number == p.max_steps - 1022:
                unfinished = q is not None and i - q <= 32768
                filling = None, None
                break
            n = agree(self.data, i, q, limit)
            if i - q <= p.max_distance:
                self._add(entries, (n, i - q, 0))
            if n >= p.nice_length or n == len(data) - i:
                filling = self.children[q]
                break
            is_greater = data[q + n] >= data[i + n]
            parent, side = open_[is_greater]
            self.children[parent][side] = q
            open_[is_greater] = q, 1 - is_greater
            q = self.children[q][1 - is_greater]
        for (parent, side), node in zip(open_, filling):
            self.children[parent][side] = node
        return entries if limit >= p.min_length else [], unfinished


# --- Blocks ---
def rebuild(description, data):
    """The zlib stream."""
    reader = reading.Reader(description)
    parameters = Parameters(reader)
    payload = reader.bytes(reader.varint()) if parameters.has_trailing else reader.rest()
    stream = Blocks(parameters, Decisions(payload), data).write()
    return parameters.header + stream + zlib.adler32(data).to_bytes(4, "big") + reader.rest()


STORED, FIXED_CODES, DYNAMIC = 0, 1, 2


class Codes:
    """Writes tokens and code lengths. p: builder, separate and odd_padding are used; d decides what is unusual."""

    def __init__(self, parameters, decisions):
        self.p, self.d = parameters, decisions
        self.out = reading.Bits(lowest_first=True)

    def pad(self):
        n = -len(self.out) % 8
        self.out.write(self.d.even(n) if self.p.odd_padding else 0, n)

    def build(self, frequencies, limit):
        if self.p.builder == 0:
            return build_zlib(frequencies, limit)
        return build_sorted(frequencies, limit, self.p.builder == 1)

    def read_counts(self, literals, distances):
        literals = 257 + self.d.even(5) if self.d.by(10, 0, 0) else literals
        return literals, 1 + self.d.even(5) if self.d.by(10, 1, 0) else distances

    def read_after(self, coded):
        f, g = [0] * 286, [0] * 30
        f[256] = 1
        for length, distance, is_odd in coded:
            f[length if distance == 0 else 257 + (27 if is_odd else LENGTH_SYMBOLS[length])] += 1
            if distance > 0:
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
            bits = {16: (count - 3, 2), 17: (count - 3, 3), 18: (count - 11, 7)}.get(code, (0, 0))
            operations.append((code, *bits))
            at += count
        codes = [code for code, _, _ in operations]
        f = [codes.count(code) for code in range(19)]
        code_lengths = self.read_differences(2, 19, self.build(f, 7), f)
        used = max([4, *(i for i, s in enumerate(CODE_ORDER, 1) if code_lengths[s] > 0)])
        return operations, code_lengths, 4 + d.even(4) if d.by(10, 2, 0) else used

    def write_header(self, lengths, operations, code_lengths, count):
        literals, distances = lengths
        out = self.out
        out.write(len(literals) - 257, 5)
        out.write(len(distances) - 1, 5)
        out.write(count - 4, 4)
        for s in CODE_ORDER[:count]:
            out.write(code_lengths[s], 3)
        codes = canonical(code_lengths)
        for code, value, size in operations:
            out.write(*codes[code])
            out.write(value, size)

    def write_stored(self, length, data):
        self.out.write(length, 16)
        self.out.write(length ^ 0xFFFF, 16)
        for byte in data:
            self.out.write(byte, 8)

    def write_tokens(self, coded, lengths):
        (literals, distances), out = map(canonical, lengths), self.out
        for length, distance, is_odd in coded:
            if distance == 0:
                out.write(*literals[length])
                continue
            s = 27 if is_odd else LENGTH_SYMBOLS[length]
            out.write(*literals[257 + s])
            out.write(length - LENGTH_BASES[s], LENGTH_BITS[s])
            s = symbol(distance)
            out.write(*distances[s])
            out.write(distance - DISTANCE_BASES[s], DISTANCE_BITS[s])
        out.write(*literals[256])

class Blocks(Codes):
    def __init__(self, parameters, decisions, data):
        super().__init__(parameters, decisions)
        self.data = data
        self.position = 0
        self.tokens = Tokens(self)

    def write(self):
        d, data, by = self.d, self.data, self.d.by
        self.tokens.read_surprise()
        last_type, final, stored = 3, 0, 65535
        tokens = size = block_start = 0  # tokens and size of the last compressed block
        self.costs = FIXED
        self.last_dynamic = None
        while not final:
            final = by(30, int(self.position == len(data)) << 3, last_type)
            kind = 0
            for i in (1, 0):
                kind = kind << 1 | by(31, last_type << 3 | i << 2 | kind, final)
            if self.p.restarting and len(self.out) // 8 - block_start > 32768:
                self.tokens.matcher.origin = self.position
            block_start = len(self.out) // 8
            self.tokens.begin_block()
            self.out.write(final, 1)
            self.out.write(kind, 2)
            last_type = kind
            if kind == STORED:
                self.pad()
                usual = min(stored, len(data) - self.position)
                length = d.number(36, 0) if by(33, 2, final) else usual
                self.write_stored(length, data[self.position : self.position + length])
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
            start, lengths, header = self.position, FIXED, None
            if kind == DYNAMIC and self.p.optimal:
                lengths = self.read_first()
                header = self.read_header(lengths)
            coded = self.tokens.read(end, count, lengths if self.p.optimal else self.costs)
            if kind == DYNAMIC and not self.p.optimal:
                lengths = self.read_after(coded)
                header = self.read_header(lengths)
            if header is not None:
                self.write_header(lengths, *header)
                self.last_dynamic = self.costs = lengths
            self.write_tokens(coded, lengths)
            tokens, size = len(coded), self.position - start
        reading.require(self.position == len(data), "the blocks do not hold the data")
        self.pad()
        return self.out.bytes()

    def read_first(self):
        result = []
        before = self.last_dynamic or ([], [])
        for which, count in enumerate(self.read_counts(*map(len, self.last_dynamic or (range(257), range(1))))):
            lengths, drift, last, second = [], 8, 0, 0
            for s in range(count):
                old, following = (before[which][i] if i < len(before[which]) else 0 for i in (s, s + 1))
                zone = 3 if which else 0 if s < 256 else 1 if s == 256 else 2
                length = self._read_first_length(s, zone, old, following, last, second, drift)
                if old and length:
                    drift = min(max(3 * drift + 8 + 4 * (length - old) + 2 >> 2, 0), 15)
                last, second = length, last
                lengths.append(length)
            result.append(lengths)
        return result

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


# --- Tokens ---
def grade(x):
    d = abs(x)
    g = 0 if d == 0 else 1 + (d >> 2) if d < 16 else 4 + (d >> 4) if d < 64 else 7 + (d >> 5) if d < 256 else 15
    return 16 + g if x >= 0 else 16 - g


def at(entries, steps):
    """The last entry of less than some steps."""
    return next((entry for entry in reversed(entries) if entry[2] < steps), (0, 1, 0))


def better(m, n):
    if m[0] < n[0]:
        return 0
    value = 4 * (m[0] - n[0]) + n[1].bit_length() - m[1].bit_length() + 12
    return min(max(value, 1), 31)


class Costs:
    """16 times the bits of symbols."""

    def __init__(self, lengths):
        self.literals, self.distances = (dict(enumerate(part)) for part in lengths)

    def literal(self, s, extra=0):
        return 16 * (self.literals[s] + extra) if self.literals.get(s) else MISSING

    def length(self, length):
        s = LENGTH_SYMBOLS[length]
        return self.literal(257 + s, LENGTH_BITS[s])

    def distance(self, distance):
        s = symbol(distance)
        return 16 * (self.distances[s] + DISTANCE_BITS[s]) if self.distances.get(s) else MISSING


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
        """The tokens of a block, (byte, 0, False) or (length, distance, odd)."""
        self.end, self.costs = end, Costs(lengths)
        self.matcher.end = end if self.p.optimal else len(self.data)
        self.path = Path(self) if self.p.optimal else None
        coded, p = [], self.blocks.position
        while (len(coded) < count) if count is not None else p < end:
            length, distance, is_odd = self._token(p)
            coded.append((length if distance else self.data[p], distance, is_odd))
            p += length
        self.blocks.position = p
        return coded

    def _token(self, p):
        is_surprise = self.number == self.surprise
        self.number += 1
        searched = not self.p.skip or p == self.next
        entries, unfinished = self.matcher.front(p) if searched else ([], False)
        self.p_inserted = False
        if self.path:
            self.path.prepare(p)
        match, certain = None, True
        if is_surprise:
            match = self._no_option(p)
            self.read_surprise()
        elif entries or unfinished:
            certain = False
            now = at(entries, self.p.max_steps)
            self.longest = now[0]
            if self._matched(p, entries, now):
                match = self._match(p, entries, now)
            self.history = self.history << 1 & 0xFFFFFFFF | (match is not None)
        length, distance = match or (1, 0)
        is_odd = bool(self.p.odd_lengths and length == 258 and self.d.by(24, 0, 0))
        self._insert(p, length, searched)
        self.declined = 0 if distance or certain else now[0]
        self.since = 0 if distance else min(self.since + 1, 1199)
        self.before = length
        self.last_distance = distance or self.last_distance
        self._advance(p, length, distance)
        return length, distance, is_odd

    # --- Which positions are searched and inserted ---
    def _advance(self, p, length, distance):
        skip = self.p.skip
        if distance:
            self.next, self.n = p + length, (1 << skip) - 1
        elif p == self.next:
            step = max(1, self.n >> skip)
            self.next, self.n = self.next + step, self.n + step

    def _can_insert(self, p):
        rest = len(self.data) - p
        return min(4096 - (p - self.matcher.origin) % 4096, rest) >= 4 if self.p.chunks else rest > 2

    def _insert(self, p, length, searched):
        """Positions of a token; the first one may be inserted already."""
        if self.p.all_positions:
            return
        if searched and not self.p_inserted and self._can_insert(p):
            self.matcher.insert(p)
        for k in range(1, length):
            is_inserted = length <= self.p.whole or k <= self.p.head or length - k <= self.p.tail
            if is_inserted and self._can_insert(p + k):
                self.matcher.insert(p + k)

    # --- Options ---
    def front(self, p):
        return self.matcher.front(p)[0] if p < len(self.data) else []

    def _options(self, p, entries):
        """(length, distance, cost)."""
        if not self.path:
            return [(length, distance, 0) for length, distance, _ in reversed(entries)]
        return sorted(self.path.costs_of(p, entries), key=lambda option: (option[2], option[0]))[:24]

    # --- Matched ---
    def _matched(self, p, entries, now):
        P = self.p
        half = max(1, P.max_steps >> 1)
        n = at(entries, half) if self.declined > 0 else now
        better2 = l2 = 0
        if P.all_positions:
            m2 = at(self.front(p + 2), max(1, P.max_steps >> 2))
            better2, l2 = better(m2, n), m2[0]
        elif self._can_insert(p):
            self.matcher.insert(p)
        self.p_inserted = True
        following = self.front(p + 1)
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
            if self.path:
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
        b = m | (history & 3) << 5 if self.path else better1 | min(better2, 3) << 5
        c, u = D | min(max(0, nxt - l + 1), 3) << 5, min(l, 7) | (m if self.path else better1) << 3
        return self.d.decide(MATCHED, h, min(l, 15) | min(nxt, 7) << 4, b, c, u, g | min(nxt, 7) << 5)

    # --- The match ---
    def _match(self, p, entries, now):
        options = self.options
        half_length = at(entries, max(1, self.p.max_steps >> 1))[0]
        steps = {(entry[0], entry[1]): entry[2] for entry in entries}
        for k, (length, d, cost) in enumerate(options):
            l1, d1, cost1 = options[k + 1] if k + 1 < len(options) else (0, 0, None)
            m = grade(cost1 - cost) if self.path and cost1 is not None else 0
            lost = grade(cost - options[0][2]) if self.path else 0
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
            a, c = rank | min(L, 15) << 3, lost | min(rank, 3) << 5
            if self.d.decide(CHOSEN, h, a, m, c, rank << 5 | m, rank << 5 | lost):
                self.rank_history = self.rank_history << 4 & 0xFFFFFFFF | min(k, 14)
                return length, d
        self.rank_history = self.rank_history << 4 & 0xFFFFFFFF | 15
        return self._no_option(p)

    def _no_option(self, p):
        d = self.d
        length = 3 + d.number(20, min(self.longest, 20))
        r = d.number(22, min(length, 10))
        if r == 0:
            return length, 1 + d.even(15)
        chain = itertools.islice(self.matcher.chain(p, length == 3), 4096)
        agreeing = (q for q in chain if agree(self.data, p, q, length) == length)
        return length, p - next(itertools.islice(agreeing, r - 1, None))


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
        following, fronts = p, {}  # the next position with options
        for q in range(p, stop):
            fronts[q] = self.tokens.front(q) if q >= following else []
            if fronts[q] and fronts[q][-1][0] >= self.tokens.p.nice_length:
                following = q + fronts[q][-1][0]
        for q in range(stop - 1, p - 1, -1):
            self.rests[q] = min(1 << 29, self.literal(q), *(cost for _, _, cost in self.costs_of(q, fronts[q])))

    def costs_of(self, p, entries):
        reached = 2
        for length, distance, _ in entries:
            cost = self.costs.distance(distance)
            for n in range(reached + 1, min(length, self.tokens.end - p) + 1):
                yield n, distance, self.costs.length(n) + cost + self.rests.get(p + n, 0)
            reached = max(reached, length)

    def literal(self, p):
        return self.costs.literal(self.tokens.data[p]) + self.rests.get(p + 1, 0)

