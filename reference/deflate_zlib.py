"""docs/format/deflate.md, "Parameters of zlib": zlib's deflate with Chromium's hash, which Python's zlib lacks.

It follows zlib's deflate.c (deflate_fast, deflate_slow, longest_match, fill_window) and trees.c (_tr_flush_block).
"""

from types import SimpleNamespace

from .deflate_decisions import DYNAMIC, FIXED, FIXED_CODES, STORED, Codes, Costs, agree

FILTERED, ONLY_FIXED = 1, 4  # strategies
MIN_LOOKAHEAD, TOO_FAR = 262, 4096
# good length, lazy length, nice length, steps along a chain, by level
LEVELS = [
    None, (4, 4, 8, 4), (4, 5, 16, 8), (4, 6, 32, 32), (4, 4, 16, 16), (8, 16, 32, 32), (8, 16, 128, 128),
    (8, 32, 128, 256), (32, 128, 258, 1024), (32, 258, 258, 4096),
]  # fmt: skip
USUAL = SimpleNamespace(decide=lambda *_: 0, by=lambda *_: 0, even=lambda *_: 0, number=lambda *_: 0)


def deflate(data, level, strategy, window_bits, mem_level):
    """The deflate stream of the data."""
    codes = Codes(SimpleNamespace(builder=0, separate=True, odd_padding=False), USUAL)
    window = Window(data, window_bits, mem_level)
    tokens = fast(data, window, LEVELS[level]) if level < 4 else slow(data, window, LEVELS[level], strategy)
    start, block, size = 0, [], 0
    for length, distance in tokens:
        block.append((length, distance, False))
        size += length if distance else 1
        if len(block) == (1 << mem_level + 6) - 1:
            write_block(codes, block, data[start : start + size], 0, strategy, start >= window.base)
            start, block, size = start + size, [], 0
    write_block(codes, block, data[start:], 1, strategy, start >= window.base)
    return codes.out.bytes()


def write_block(codes, block, data, last, strategy, may_store):
    """A block in the kind of codes that needs the fewest bytes."""
    lengths = codes.read_after(block)
    operations, code_lengths, count = header = codes.read_header(lengths)
    bits = 14 + 3 * count + sum(code_lengths[code] + size for code, _, size in operations)
    dynamic, fixed = bits_of(block, lengths) + bits + 10 >> 3, bits_of(block, FIXED) + 10 >> 3
    size, kind = (fixed, FIXED_CODES) if fixed <= dynamic or strategy == ONLY_FIXED else (dynamic, DYNAMIC)
    kind = STORED if may_store and len(data) + 4 <= size else kind
    codes.out.write(last | kind << 1, 3)
    if kind == STORED:
        codes.pad()
        codes.write_stored(len(data), data)
        return
    if kind == DYNAMIC:
        codes.write_header(lengths, *header)
    codes.write_tokens(block, lengths if kind == DYNAMIC else FIXED)


def bits_of(block, lengths):
    """Bits of tokens and of the end of the block."""
    costs = Costs(lengths)
    sizes = (costs.length(n) + costs.distance(distance) if distance else costs.literal(n) for n, distance, _ in block)
    return costs.literal(256) + sum(sizes) >> 4


class Window:
    """The positions that zlib finds while its window moves over the data."""

    def __init__(self, data, window_bits, mem_level):
        self.data, self.size = data, 1 << max(window_bits, 9)
        self.mask = (1 << max(mem_level + 7, 15)) - 1
        self.base, self.heads, self.before = 0, {}, {}

    def move(self, p):
        """fill_window, before position p is searched."""
        end = self.base + 2 * self.size
        if min(end, len(self.data)) - p < MIN_LOOKAHEAD and p >= end - MIN_LOOKAHEAD:
            self.base += self.size

    def insert(self, p):
        """The position with the same hash that was inserted before, or -1."""
        after = self.data[p + 3] if p + 3 < len(self.data) else self.data[p + 3 - self.size] if self.base > 0 else 0
        x = int.from_bytes(self.data[p : p + 3], "little") | after << 24
        h = (66521 * x + 66521 & 0xFFFFFFFF) >> 16 & self.mask
        self.before[p], self.heads[h] = self.heads.get(h, -1), p
        return self.before[p]

    def longest(self, p, q, length, level):
        """(length, position) of the longest match of more than a length, from position q of a chain on."""
        good, _, nice, steps = level
        most, farthest, found = min(258, len(self.data) - p), self.size - MIN_LOOKAHEAD, -1
        if q <= self.base or p - q > farthest:
            return 0, found
        steps = steps >> 2 if length >= good else steps
        while True:
            n = agree(self.data, p, q, most)
            if n > length:
                length, found = n, q
                if n >= min(nice, most):
                    break
            q, steps = self.before[q], steps - 1
            if q <= max(self.base, p - farthest) or steps == 0:
                break
        return min(length, most), found


def fast(data, window, level):
    """(length, distance) or (byte, 0): each match is the first one."""
    p = 0
    while p < len(data):
        window.move(p)
        length, q = window.longest(p, window.insert(p), 2, level) if len(data) - p >= 3 else (0, -1)
        if length < 3:
            yield data[p], 0
            p += 1
            continue
        if length <= level[1] and len(data) - p - length >= 3:
            for i in range(p + 1, p + length):
                window.insert(i)
        yield length, p - q
        p += length


def slow(data, window, level, strategy):
    """Like fast, but a match is given up for a longer one that begins at the next position."""
    p, length, start, has_literal = 0, 2, -1, False
    while p < len(data):
        window.move(p)
        q = window.insert(p) if len(data) - p >= 3 else -1
        before, before_start, length = length, start, 2
        if before < level[1]:
            n, start = window.longest(p, q, before, level)
            length = 2 if n <= 5 and (strategy == FILTERED or (n == 3 and p - start > TOO_FAR)) else max(n, 2)
        if before >= 3 and length <= before:
            for i in range(p + 1, min(p + before - 1, len(data) - 2)):
                window.insert(i)
            yield before, p - 1 - before_start
            p, length, has_literal = p + before - 1, 2, False
            continue
        if has_literal:
            yield data[p - 1], 0
        has_literal = True
        p += 1
    if has_literal:
        yield data[-1], 0
