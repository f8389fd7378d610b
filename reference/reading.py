"""docs/FORMAT.md, "Conventions": varints, checks, packed samples; and Brotli streams."""

import zlib

import brotli
import numpy as np


class FormatError(Exception):
    """The file is invalid."""


class Reader:
    """Reads the parts of a file, or the fields of a payload."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def bytes(self, length):
        part = self.data[self.at : self.at + length]
        require(len(part) == length, "the data end too early")
        self.at += length
        return part

    def byte(self):
        return self.bytes(1)[0]

    def number(self, size):
        return int.from_bytes(self.bytes(size), "big")

    def varint(self, limit=(1 << 35) - 1):
        value = 0
        for i in range(5):
            byte = self.byte()
            value |= (byte & 127) << 7 * i
            if byte < 128:
                require(i == 0 or byte > 0, "a varint is not in its shortest form")
                require(value <= limit, f"the number {value} is more than {limit}")
                return value
        raise FormatError("a varint has more than 5 bytes")

    def rest(self):
        return self.bytes(len(self.data) - self.at)

    def check(self, start, what, size=2):
        """Reads the check, of `size` bytes, of the part that began at `start`."""
        expected = zlib.crc32(self.data[start : self.at]) % 256**size
        require(self.number(size) == expected, f"the check of {what} does not match")

    def end(self, what):
        require(self.at == len(self.data), f"something follows {what}")


def require(condition, message):
    if not condition:
        raise FormatError(message)


def decompress(data, limit):
    """One complete Brotli stream of at most `limit` bytes."""
    decompressor = brotli.Decompressor()
    parts, size = [], 0
    try:
        for at in range(0, len(data), 4096):
            part = decompressor.process(data[at : at + 4096])
            size += len(part)
            require(size <= limit, "a Brotli stream is too long")
            parts.append(part)
    except brotli.error as error:
        raise FormatError(f"a Brotli stream is invalid: {error}") from error
    require(decompressor.is_finished(), "a Brotli stream is incomplete")
    return b"".join(parts)


# --- Codes and bits of streams ---
def canonical_code(symbols):
    """Codes (value, length) of sorted pairs (length, symbol), by symbol."""
    codes, code, before = {}, 0, 0
    for length, symbol in symbols:
        code <<= length - before
        require(code < 1 << length, "code lengths are no code")
        codes[symbol] = code, length
        code, before = code + 1, length
    return codes


class Bits:
    """Writes integers, the lowest or the highest bit first, as they are in the bytes."""

    def __init__(self, lowest_first):
        self.lowest_first, self.bits = lowest_first, bytearray()

    def __len__(self):
        return len(self.bits)

    def write(self, value, size):
        order = range(size) if self.lowest_first else range(size - 1, -1, -1)
        self.bits += bytes(value >> i & 1 for i in order)

    def bytes(self):
        order = "little" if self.lowest_first else "big"
        return np.packbits(np.frombuffer(self.bits, np.uint8), bitorder=order).tobytes()


# --- Samples ---
def packed_length(samples, depth):
    return -(-samples * depth // 8)


def unpack(data, depth, shape):
    """Packed samples."""
    if depth == 16:
        return np.frombuffer(data, ">u2").astype(np.int64).reshape(shape)
    bits = np.unpackbits(np.frombuffer(data, np.uint8))
    count = shape[0] * shape[1] * shape[2]
    values = bits[: count * depth].reshape(count, depth).astype(np.int64) @ (1 << np.arange(depth)[::-1])
    return values.reshape(shape)
