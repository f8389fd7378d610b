"""docs/format/parity.md: the trailer of a sound file, which a decoder may ignore. Damage is not restored here."""

import struct
import zlib

RECORD = struct.Struct(">4sIIHB3s")  # magic, fileBytes, file CRC, blockBytes, m, S


def layout(file_bytes, block_bytes, m, stripes):
    """The number of packets and their length; None if the record is invalid."""
    if file_bytes < 1 or block_bytes < 16 or m < 1:
        return None
    blocks = -(-file_bytes // block_bytes)
    if not 1 <= stripes <= blocks:
        return None
    columns, packets = -(-blocks // stripes), stripes * m
    if columns + m > 256 or m > max(2, columns):
        return None
    groups = -(-packets // 192)
    shares = max(1, packets // groups // 3)
    share_bytes = -(-4 * -(-blocks // groups) // shares)
    return packets, block_bytes + share_bytes + RECORD.size + 4


def without_trailer(data):
    """The file without its trailer of parity, if it ends with one."""
    if len(data) < RECORD.size + 4:
        return data
    magic, file_bytes, _, block_bytes, m, stripes = RECORD.unpack(data[-RECORD.size - 4 : -4])
    found = layout(file_bytes, block_bytes, m, int.from_bytes(stripes, "big")) if magic == b"\x8f\x70RS" else None
    if found is None:
        return data
    packets, packet_bytes = found
    if len(data) != file_bytes + packets * packet_bytes:
        return data
    last = struct.pack(">I", packets - 1) + data[-packet_bytes:-4]
    return data[:file_bytes] if zlib.crc32(last) == int.from_bytes(data[-4:], "big") else data
