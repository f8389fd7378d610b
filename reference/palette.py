"""docs/format/palette.md: the palette coder, and its mixed decision, which docs/format/deflate.md uses, too."""

import numpy as np

from .arithmetic import (
    APM_HIGH, APM_LOW, APM_START, F32, HALF, ONE, U32, Coder, apm_position, clamp, clamp_probability, eight_sums,
    logit, split_of, squash,
)  # fmt: skip


def bits_for(n, low, high):
    """The smallest b with 2^b >= n, clamped."""
    return min(max((n - 1).bit_length(), low), high)


# --- Hashes, of integers or of arrays of int64 ---
def fold(h, *values):
    for x in values:
        h = ((h ^ (x & U32)) * 0x9E3779B1) & U32
        h = ((h << 15 | h >> 17) + 0x7F4A7C15) & U32
    return h


def spread(h):
    h = ((h ^ h >> 15) * 0x85EBCA6B) & U32
    h = ((h ^ h >> 13) * 0xC2B2AE35) & U32
    return h ^ h >> 16


# --- Mixing and the APM stage, which docs/format/jpeg.md and mixer.md use, too ---
def mixed_logits(inputs, weights, v, bound):
    """The logits of the weight vectors, and the second layer's."""
    z_sets = clamp(F32(-bound), eight_sums(inputs * weights), F32(bound))
    t = z_sets * v
    return z_sets, (t[0] + t[1]) + (t[2] + t[3])


def refined(points, z):
    """The mean of the answers of two APMs, `points` [2][33]."""
    i, r = apm_position(z)
    answers = points[:, i] * (ONE - r) + points[:, i + 1] * r
    return (answers[0] + answers[1]) * HALF


def learned_apms(points, z, bit):
    i, r = apm_position(z)
    points, near = points.copy(), points[:, i : i + 2]
    points[:, i : i + 2] = clamp(APM_LOW, near + ((bit - near) * F32(0.02)) * np.array([ONE - r, r]), APM_HIGH)
    return points


def learned(p, bit, rate, bits):
    """An integer probability of 18 or 22 bits."""
    return np.trunc(np.minimum((p + (bit - p) * rate) * F32(1 << bits), F32((1 << bits) - 1)))


# --- A mixed decision ---

DEGREES = np.array([0, 1, 2, 3, 4, 4] + [5] * 6 + [6] * 18 + [7] * 34)
CONTEXTS = np.arange(16)


class MixedDecisions:
    """The state of mixed decisions: slots, maps, weights and APMs."""

    def __init__(self, coder, slot_bits):
        self.coder = coder
        self.slot_mask = (1 << slot_bits) - 1
        self.slots = np.zeros(1 << slot_bits, np.uint32)
        levels = squash((np.arange(32, dtype=F32) + HALF - F32(16)) * HALF)
        self.maps = np.empty((4, 16, 8, 32), F32)  # integers of 22 bits
        self.maps[:] = np.trunc(levels * F32(4194304))
        self.map_counts = np.full((4, 16, 8, 32), 4, np.int64)
        self.weights = np.zeros((4, 512, 40), F32)
        self.weights[:, :, :16] = F32(0.14)
        self.weights[:, :, 16:32] = F32(0.02)
        self.second = np.full((32, 4), F32(0.25))
        self.apms = np.tile(APM_START, (2, 1024, 1))
        self.steps = 0

    def decide(self, hashes, node, maps, vectors, second, extra, apms, seen_base=0):
        """One decision with 16 hashes; the last weight vector is number seen_base + `seen`."""
        slots, contents = self._find(hashes, node)
        q = ((contents >> 14).astype(F32) + HALF) * F32(2.0**-18)
        n = contents >> 8 & 63
        seen = int((n[:8] > 0) @ (1 << CONTEXTS[:8]))
        direct = logit(q, ONE - q)
        level = clamp(F32(0), direct * F32(2) + F32(16), F32(31)).astype(np.int64)
        entry = (maps, CONTEXTS, DEGREES[n], level)
        m = (self.maps[entry] + HALF) * F32(2.0**-22)
        inputs = np.concatenate([logit(m, ONE - m), direct, extra])
        # mixing
        rows = ([0, 1, 2, 3], [*vectors, seen_base + seen])
        weights, v, points = self.weights[rows], self.second[second], self.apms[[0, 1], list(apms)]
        z_sets, z = mixed_logits(inputs, weights, v, 14)
        z = clamp(F32(-14), z, F32(14))
        mixed = squash(z)
        skipped = abs(z) > F32(7.5)
        p = mixed if skipped else mixed * HALF + refined(points, z) * HALF
        bit = self.coder.decision(split_of(clamp_probability(float(p))))
        # learning
        one = F32(bit)
        rate = np.maximum(ONE / F32(60), ONE / (n.astype(F32) + F32(1.3)))
        upper = learned(q, one, rate, 18).astype(np.int64)
        for slot, value in zip(slots, upper << 14 | np.minimum(n + 1, 62) << 8 | contents & 255):
            self.slots[slot] = value
        counts = self.map_counts[entry]
        rate = np.maximum(ONE / F32(250), ONE / (counts.astype(F32) + F32(1.5)))
        self.maps[entry] = learned(m, one, rate, 22)
        self.map_counts[entry] = np.minimum(counts + 1, 1023)
        if not skipped:
            self.apms[[0, 1], list(apms)] = learned_apms(points, z, one)
        if abs(one - mixed) > F32(0.0008):
            rate = F32(0.01) + F32(0.02) / (ONE + F32(self.steps) * F32(0.002))
            step = (one - squash(z_sets)) * rate
            self.weights[rows] = weights + step[:, None] * inputs
            self.second[second] = v + ((one - mixed) * F32(0.002)) * z_sets
            self.steps += 1
        return bit

    def _find(self, hashes, node):
        """Numbers and contents of the slots."""
        checks = (hashes >> 24) + 53 * node & 255
        firsts = (hashes ^ node) & self.slot_mask
        slots, contents, table = [], [], self.slots
        for first, check in zip(firsts.tolist(), checks.tolist()):
            a, b = int(table[first]), int(table[first ^ 1])
            if a != 0 and a & 255 == check:
                slot, value = first, a
            elif b != 0 and b & 255 == check:
                slot, value = first ^ 1, b
            else:
                slot = first ^ 1 if b >> 8 & 63 < a >> 8 & 63 else first
                table[slot] = value = 0x80000000 | check
            slots.append(slot)
            contents.append(value)
        return slots, np.array(contents)


# --- The tile ---

# The candidates' sources by bit, and the order in which they are candidates.
CANDIDATE_ORDER = [0, 1, 3, 4, 6, 5, 7, 2, 10, 11, 8, 9, 12]
CHANNEL_ORDER = {1: [0], 2: [1, 0], 3: [1, 0, 2], 4: [3, 1, 0, 2]}
NO_EXTRA = np.array([0.3, 0, 0, 0, 0, 0, 0, 0], F32)


def decode_tile(payload, width, height, channels, depth):
    """Samples [height][width][channels]."""
    return Tile(Coder(payload), width, height, channels, depth).decode()


class Match:
    def __init__(self, bits):
        self.mask, self.table = (1 << bits) - 1, {}
        self.end()

    def end(self):
        self.source, self.length = None, 0

    def find(self, colours, i, hash_):
        entry = hash_ & self.mask
        j = self.table.get(entry)
        if self.length < 16 and j is not None and j != self.source:
            n = 0
            while n < min(j, 15) and colours[j - 1 - n] == colours[i - 1 - n]:
                n += 1
            if n >= self.length:
                self.source, self.length = j, n
        self.table[entry] = i

    def colour(self, colours):
        return None if self.source is None else colours[self.source]

    def update(self, colours, colour):
        if self.source is not None:
            self.length = min(self.length + 1, 65535) if colours[self.source] == colour else 0
            self.source += 1


class Tile:
    def __init__(self, coder, width, height, channels, depth):
        self.coder, self.width, self.height, self.channels, self.depth = coder, width, height, channels, depth
        pixels = width * height
        self.mixed = MixedDecisions(coder, bits_for(64 * pixels, 14, 23))
        self.recent = [{}, {}, {}]
        self.recent_mask = (1 << bits_for(pixels, 6, 17)) - 1
        self.matches = [Match(bits_for(pixels, 6, 18)) for _ in range(2)]
        self.colours, self.ranks = [], []  # numbers of the pixels' colours, and ranks
        self.samples, self.numbers = [], {}  # of the colours, by number; and the reverse
        self.errors = np.full((4 * 16, 4), F32(max(1, (1 << depth) / 32)))

    def decode(self):
        width = self.width
        self._number(tuple(self.coder.bits_of_half(self.depth) for _ in range(self.channels)))
        counts = [[0.4, 0.4] for _ in range(8)]
        h = 0
        for y in range(self.height):
            other, same = counts[h]
            answer = self.coder.decision(split_of(same / (other + same)))
            counts[h][answer] += 1
            h = (2 * h + answer) % 8
            if answer:
                self.colours += self.colours[-width:] if y > 0 else [0] * width
                self.ranks += [0] * width
                for match in self.matches:
                    match.end()
            else:
                for _ in range(width):
                    self._pixel(len(self.colours))
        colours = np.array(self.samples, np.int64)[self.colours]
        return colours.reshape(self.height, width, self.channels)

    def _number(self, samples):
        number = self.numbers.setdefault(samples, len(self.samples))
        if number == len(self.samples):
            self.samples.append(samples)
        return number

    def _pixel(self, i):
        self._look_around(i)
        self._find_candidates()
        hits = (k for k, candidate in enumerate(self.candidates) if self._is_hit(k, *candidate))
        rank = next(hits, 9)
        colour = self._escaped() if rank == 9 else self.candidates[rank][0]
        for table, entry in zip(self.recent, self.entries):
            others = [other for other in table.get(entry, []) if other != colour]
            table[entry] = [colour, *others[:2]]
        for match in self.matches:
            match.update(self.colours, colour)
        self.colours.append(colour)
        self.ranks.append(rank)

    # --- Neighbourhood, hashes, recent colours, matches ---
    def _look_around(self, i):
        w, colours = self.width, self.colours

        def at(distance):
            return colours[i - distance] if i >= distance else 0

        self.W, self.WW, self.WWW, self.WWWW = at(1), at(2), at(3), at(4)
        self.N, self.NW, self.NWW = at(w), at(w + 1), at(w + 2)
        self.NE, self.NEE, self.NEEE = at(max(w - 1, 1)), at(max(w - 2, 1)), at(max(w - 3, 1))
        self.NN, self.NNW, self.NNE, self.NNN = at(2 * w), at(2 * w + 1), at(max(2 * w - 1, 1)), at(3 * w)
        distances = (1, w, w + 1, max(w - 1, 1))
        self.rank_around = [self.ranks[i - d] if i >= d else 0 for d in distances]  # W, N, NW, NE
        self.two = fold(1, self.W, self.N)
        self.three = fold(self.two, self.NE)
        self.four = fold(self.three, self.NW)
        self.six = fold(self.four, self.WW, self.NN)
        self.eight = fold(self.six, self.NEE, self.NWW)
        self.twelve = fold(self.eight, self.NNE, self.NNW, self.WWW, self.NNN)
        self.entries = [spread(h) & self.recent_mask for h in (self.six, self.two, fold(1, self.W))]
        self.matches[0].find(colours, i, spread(fold(self.twelve, self.NEEE, self.WWWW)))
        self.matches[1].find(colours, i, spread(self.eight))
        self.matched = [match.colour(colours) for match in self.matches]
        self.column = i % w

    def _recent(self, t, j):
        found = self.recent[t].get(self.entries[t], [])
        return found[j] if j < len(found) else None

    # --- Candidates ---
    def _find_candidates(self):
        recent = self._recent
        sources = [
            self.W, self.N, self.NW, self.NE, *self.matched, recent(0, 0), recent(1, 0), self.WW, self.NN,
            recent(0, 1), recent(1, 1), recent(2, 0),
        ]  # fmt: skip
        found = []
        for bit in CANDIDATE_ORDER:
            if sources[bit] is not None and sources[bit] not in found and len(found) < 4:
                found.append(sources[bit])
        self.candidates = [(c, sum(1 << bit for bit, s in enumerate(sources) if s == c)) for c in found]

    # --- Hits ---
    def _is_hit(self, k, colour, sources):
        W, N, NW, NE, WW, NN = self.W, self.N, self.NW, self.NE, self.WW, self.NN
        rank_w, rank_n, rank_nw, rank_ne = self.rank_around
        around = rank_w | rank_n << 4 | rank_nw << 8 | rank_ne << 12
        pattern = (W == N) | (N == NE) << 1 | (N == NW) << 2 | (W == NW) << 3 | (W == WW) << 4 | (N == NN) << 5
        more = (
            pattern | (NE == self.NEE) << 6 | (NW == self.NWW) << 7 | (NN == self.NNE) << 8 | (NN == self.NNW) << 9
            | (WW == self.WWW) << 10 | (WW == self.NWW) << 11 | (self.NNN == NN) << 12 | (self.NEEE == self.NEE) << 13
        )  # fmt: skip
        lengths = [0 if match.source is None else match.length for match in self.matches]
        state = [
            self.twelve, self.eight, self.six, self.four, self.three, self.two,
            fold(2, W, WW, self.WWW, self.WWWW), fold(3, N, NN, self.NNN, W), fold(4, N, NE, self.NEE, self.NEEE),
            fold(5, W), fold(6, N), fold(7, more), fold(8, around), fold(9, self.column),
            fold(10, min(lengths[0], 32), min(lengths[1], 16)), 11,
        ]  # fmt: skip
        last = sources << 4 | k
        hashes = np.array([fold(h, colour if i < 11 else last) for i, h in enumerate(state)])
        vectors = (k, k << 6 | (sources & 15) << 2 | sources >> 4 & 3, pattern << 2 | sources & 3)
        apms = (k << 7 | sources & 127, k << 6 | (min(rank_w, 3) | min(rank_n, 3) << 2) << 2 | sources & 3)
        return self.mixed.decide(spread(hashes), 0, min(k, 1), vectors, k, NO_EXTRA, apms)

    # --- Escapes ---
    def _escaped(self):
        samples = [0] * self.channels
        top = (1 << self.depth) - 1
        known = v = w = n = g = 0
        for j, c in enumerate(CHANNEL_ORDER[self.channels]):
            near = [self.samples[colour][c] for colour in (self.W, self.N, self.NW, self.NE, self.WW)]
            gradient = min(max(near[0] + near[1] - near[2], 0), top)
            if j > 0:
                known = fold(known, v + 1)
            v = samples[c] = self._sample(j, near, gradient, known, v, w, n, g)
            is_alpha = self.channels % 2 == 0 and j == 0
            w, n, g = (v, v, v) if is_alpha else (near[0], near[1], gradient)
        return self._number(tuple(samples))

    def _sample(self, j, near, gradient, known, v, w, n, g):
        W1, N1, NW1, NE1, WW1 = near
        d, top = self.depth, (1 << self.depth) - 1
        shifts = W1 + v - w, N1 + v - n, gradient + v - g
        shift_w, shift_n, shift_g = (min(max(shift, 0), top) for shift in shifts)
        k = fold(known, j + 100)
        matched = [0 if m is None else m + 1 for m in self.matched]
        recent = self._recent(0, 0)
        state = [
            k, fold(k, self.W, 1), fold(k, self.N, 2), fold(k, self.W, self.N, 3),
            fold(k, self.W, self.N, self.NW, self.NE, 4), fold(j, W1, N1, shift_w, 5), fold(j, gradient, v - g, 6),
            fold(j, shift_w, 7), fold(j, shift_n, 8), fold(j, shift_w + shift_n + 1 >> 1, 9),
            fold(k, self.NE, matched[1], 10), fold(j, 11), fold(j, shift_g, 12), fold(j, W1, WW1, shift_w, 13),
            fold(j, NE1, shift_n, W1, 14), fold(k, matched[0], 0 if recent is None else recent + 1, 15),
        ]  # fmt: skip
        unrest = self._grade(abs(W1 - NW1) + abs(N1 - NW1) + abs(N1 - NE1))
        missed = self._grade(abs(v - g)) if j > 0 else 0
        guesses = np.array([shift_g, gradient if j > 0 else W1 + N1 >> 1, shift_w, shift_n], F32)
        errors = self.errors[j << 4 | min(2 * unrest + min(missed, 2), 15)]
        states = np.array(state)
        low, node = 0, 1
        for turn in range(d):
            if turn % 4 == 0:
                step = 1
                hashes = spread(fold(states, node))
            place, half = min(turn, 7), 1 << (d - 1 - turn)
            vectors = (
                256 + (min(j, 1) << 1 | (2 * (d - 1 - turn) < d)), 256 + ((6 * j + unrest) << 3) + place,
                256 + ((6 * j + missed) << 3) + place,
            )  # fmt: skip
            extra = np.concatenate([NO_EXTRA[:4], guess_logits(guesses, errors, low, half)])
            apms = (512 + (j << 4 | turn), 512 + min(node, 511))
            bit = self.mixed.decide(hashes, step, 2 + min(j, 1), vectors, 16 + place, extra, apms, seen_base=256)
            low += half * bit
            node, step = node << 1 | bit, step << 1 | bit
        errors += (np.abs(F32(low) - guesses) - errors) * F32(0.04)
        return low

    def _grade(self, x):
        x >>= max(0, self.depth - 8)
        return 0 if x == 0 else sum(x >= bound for bound in (3, 8, 20, 60)) + 1


# --- Guesses ---
def guess_logits(u, e, low, half):
    half = F32(half)
    inverse = ONE / (e * F32(0.7) + F32(0.12))
    middle = (F32(low) + half - HALF) - u
    sign = np.where(middle > 0, F32(-1), ONE)
    at = squash(np.stack([sign * ((middle + x) * inverse) for x in (-half, F32(0), half)]))
    result = logit(np.abs(at[2] - at[1]) + F32(1e-20), np.abs(at[1] - at[0]) + F32(1e-20))
    return clamp(F32(-8), result, F32(8))
