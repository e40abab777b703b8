"""Reads the scalars of a folder of TensorBoard event files, as TensorBoard would show them, and prints a JSON object a line.

Written from the formats' own descriptions, with nothing but Python's standard library:
  TFRecord     tensorflow/core/lib/io/record_writer.h: length (uint64), masked CRC-32C of it, data, masked CRC-32C of the data
  CRC-32C      RFC 3720, appendix B.4: polynomial 0x1EDC6F41, reflected
  Event        tensorflow/core/util/event.proto, tensorflow/core/framework/summary.proto: field numbers below
  wire format  protobuf.dev/programming-guides/encoding
  restarts     tensorboard/backend/event_processing/event_accumulator.py: SessionLog.START discards what is of its step or later
"""
import json
import pathlib
import struct
import sys

TABLE = []
for value in range(256):
    for _ in range(8):
        value = (value >> 1) ^ (0x82F63B78 if value & 1 else 0)
    TABLE.append(value)


def masked_crc(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = TABLE[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    crc ^= 0xFFFFFFFF
    return (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF


def records(data, name):
    """The whole records of a file; half a one at its end is still being written."""
    at = 0
    while at + 12 <= len(data):
        (length,) = struct.unpack_from("<Q", data, at)
        if struct.unpack_from("<I", data, at + 8)[0] != masked_crc(data[at:at + 8]):
            sys.exit(f"{name}: the length at byte {at} does not have its checksum")
        if at + 16 + length > len(data):
            return
        content = data[at + 12:at + 12 + length]
        if struct.unpack_from("<I", data, at + 12 + length)[0] != masked_crc(content):
            sys.exit(f"{name}: the record at byte {at} does not have its checksum")
        yield content
        at += 16 + length


def fields(data):
    """A message's fields: number and content, whole numbers decoded, the rest as bytes."""
    at = 0

    def varint():
        nonlocal at
        result = shift = 0
        while True:
            byte = data[at]
            at += 1
            result |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return result

    while at < len(data):
        key = varint()
        kind = key & 7
        if kind == 0:
            content = varint()
        else:
            size = {1: 8, 5: 4}.get(kind)
            if kind == 2:
                size = varint()
            content = data[at:at + size]
            at += size
        yield key >> 3, content


def main(folder):
    scalars, restarts = [], []
    for path in sorted(pathlib.Path(folder).iterdir()):
        version = None
        for record in records(path.read_bytes(), path.name):
            event = list(fields(record))
            step = next((content for number, content in event if number == 2), 0)
            (wall_time,) = struct.unpack("<d", next((content for number, content in event if number == 1), bytes(8)))
            for number, content in event:
                if number == 3:
                    version = content.decode()
                elif number == 5:
                    if version != "brain.Event:2":
                        sys.exit(f"{path.name}: begins with version {version}")
                    for value in (dict(fields(content)) for _, content in fields(content)):
                        scalars.append({"tag": value[1].decode(), "step": step, "value": struct.unpack("<f", value[2])[0], "wall_time": wall_time})
                elif number == 7 and dict(fields(content)).get(1) == 1:
                    scalars = [scalar for scalar in scalars if scalar["step"] < step]
                    restarts.append(step)
    for scalar in scalars:
        print(json.dumps(scalar))
    for step in restarts:
        print(json.dumps({"restart": step}))


main(sys.argv[1])
