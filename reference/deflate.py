"""docs/format/deflate.md: rebuilds zlib streams from the parameters of zlib, and the filters of PNG rows.

The streams of other encoders are in deflate_decisions.py.
"""

import zlib

import numpy as np

from . import deflate_decisions, deflate_zlib, reading
from .deflate_decisions import MATCHED, Decisions
from .palette import fold

MAX_DATA = 1 << 29


def rebuild(description, data):
    """The zlib stream of the data."""
    reading.require(len(data) <= MAX_DATA, "the data of a zlib stream are too long")
    return deflate_decisions.rebuild(description, data) if description[0] >= 128 else by_zlib(description, data)


# --- Parameters of zlib ---
def by_zlib(description, data):
    reader = reading.Reader(description)
    first, second = reader.byte(), reader.byte()
    level, strategy = first & 15, first >> 4
    window_bits, mem_level = (second & 7) + 8, second >> 3 & 15
    options = reader.byte() if second >> 7 else 0
    is_valid = 1 <= level <= 9 and strategy <= 4 and 1 <= mem_level <= 9 and options < 16
    reading.require(is_valid, "a parameter of zlib is invalid")
    header = reader.bytes(2) if options & 2 else None
    flushes = read_flushes(reader) if options & 4 else []
    compressor = zlib.compressobj(level, zlib.DEFLATED, window_bits, mem_level, strategy)
    out, at = [], 0
    for position, mode in flushes:
        out += [compressor.compress(data[at:position]), compressor.flush(mode)]
        at = position
    out += [compressor.compress(data[at:]), compressor.flush(zlib.Z_FINISH)]
    stream = b"".join(out)
    if options & 1 and strategy not in (zlib.Z_HUFFMAN_ONLY, zlib.Z_RLE):  # these two search no matches by a hash
        if flushes:
            raise NotImplementedError("zlib with Chromium's hash and flushes is not supported")
        stream = stream[:2] + deflate_zlib.deflate(data, level, strategy, window_bits, mem_level) + stream[-4:]
    trailing = reader.rest()
    reading.require(options & 8 or not trailing, "bytes follow the parameters of zlib")
    return (header + stream[2:] if header else stream) + trailing


def read_flushes(reader):
    """(position, mode) of the flushes."""
    mode = (zlib.Z_SYNC_FLUSH, zlib.Z_FULL_FLUSH, zlib.Z_PARTIAL_FLUSH)[reader.varint(2)]
    flushes, position = [], 0
    for _ in range(reader.varint(4096)):
        step, count = reader.varint(), reader.varint(4096)
        flushes += [(position + step * i, mode) for i in range(1, count + 1)]
        position += step * count
    return flushes


# --- PNG filters ---
def filter_rows(passes, pixel, description):
    """The filtered rows of all passes, each after the byte of its filter. passes: [rows][bytes] each."""
    chooser = FilterChooser(Decisions(description))
    out = []
    for rows in passes:
        above = np.zeros(rows.shape[1], np.uint8)
        for y, row in enumerate(rows):
            filtered = all_filters(row, above, pixel)
            f = chooser.choose(filtered, y == 0)
            out.append(bytes([f]) + filtered[f].tobytes())
            above = row
    return b"".join(out)


def all_filters(row, above, pixel):
    """The five filtered rows, uint8."""
    x, b = row.astype(np.int64), above.astype(np.int64)
    a, c = (np.concatenate([np.zeros(pixel, np.int64), values])[: len(x)] for values in (x, b))
    p = a + b - c
    pa, pb, pc = np.abs(p - a), np.abs(p - b), np.abs(p - c)
    paeth = np.where((pa <= pb) & (pa <= pc), a, np.where(pb <= pc, b, c))
    return [(x - guess).astype(np.uint8) for guess in (np.zeros_like(x), a, b, (a + b) // 2, paeth)]


def lb(n):
    t = n.bit_length() - 1
    return t + (n - (1 << t)) / (1 << t)


def entropy(filtered):
    total = 0.0
    for n in np.bincount(filtered).tolist():
        total += n * lb(n) if n > 0 else 0.0
    return -total


def excess(a, b):
    x = (a - b) / (b + 1)
    return 1 + sum(x >= bound for bound in (0.002, 0.01, 0.03, 0.08, 0.2, 1)) if x > 0 else 0


class FilterChooser:
    def __init__(self, decisions):
        self.decisions = decisions
        self.last, self.run = None, 0
        self.used = [0] * 5
        self.history = self.rank_history = self.es = 0

    def choose(self, filtered, is_first):
        sums = [int(np.abs(row.view(np.int8).astype(np.int64)).sum()) for row in filtered]
        entropies = [entropy(row) for row in filtered]
        order = sorted(range(5), key=lambda f: (sums[f], f))
        rank = next((rank for rank in range(4) if self._is_rank(rank, order, sums, entropies, is_first)), 4)
        f = order[rank]
        self.run = min(8, self.run + 1) if f == self.last else 0
        self.last = f
        self.used[f] += 1
        e = self._rank_of_entropy(f, entropies)
        histories = (self.history, f), (self.rank_history, rank), (self.es, e)
        self.history, self.rank_history, self.es = ((bits << 3 | new) & 0xFFFFFFFF for bits, new in histories)
        return f

    @staticmethod
    def _rank_of_entropy(f, entropies):
        return sum((other, g) < (entropies[f], f) for g, other in enumerate(entropies))

    def _is_rank(self, rank, order, sums, entropies, is_first):
        f = order[rank]
        r = rank << 1 | is_first
        k = fold(r, 31)
        e = self._rank_of_entropy(f, entropies)
        over, following = excess(sums[f], sums[order[0]]), excess(sums[order[rank + 1]], sums[f])
        again, run, used = int(f == self.last), self.run, min(3, self.used[f])
        history, ranks, es = self.history, self.rank_history, self.es
        h = [
            k, fold(k, f), fold(k, fold(again, run)), fold(k, fold(f, used)), fold(k, ranks & 7), fold(k, ranks & 511),
            fold(k, fold(following, over)), fold(k, fold(f, history & 7)), fold(k, e, es & 7), fold(k, e, es & 511),
            fold(k, f, history & 4095), fold(fold(k, again), fold(run, following)),
            fold(fold(f, e), fold(used, over)), fold(k, e, over), fold(fold(k, e), fold(f, ranks & 7)),
            fold(f, fold(again, used)),
        ]  # fmt: skip
        a, b, v = r << 3 | f, e << 4 | run << 1 | again, run << 4 | rank << 1 | again
        return self.decisions.decide(MATCHED, h, a, b, over << 3 | following, a, v)
