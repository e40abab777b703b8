"""What the scripts of this folder share: the file format, seeds, and measuring how exact a number is."""

import hashlib
import json
import platform
import struct
import sys
import zlib
from pathlib import Path

import numpy as np
import torch

torch.set_num_threads(1)

FOLDER = Path(__file__).resolve().parent
NAMES = {np.dtype("<f4"): "F32", np.dtype("<f8"): "F64"}


def array(value):
    """A NumPy array, little-endian and in row-major order, of a tensor or a number."""
    value = value.detach().numpy() if isinstance(value, torch.Tensor) else np.asarray(value)
    return np.array(value, dtype=value.dtype.newbyteorder("<"), order="C")


def write(file, tensors, cases):
    """Writes the safetensors layout (https://huggingface.co/docs/safetensors): an 8-byte little-endian length, a JSON
    header, raw data. The metadata holds `cases`, a JSON array of the cases' configurations, and `made_by`."""
    arrays = {name: array(value) for name, value in tensors.items()}
    header, offset = {"__metadata__": {"made_by": made_by(), "cases": json.dumps(cases)}}, 0
    for name, value in arrays.items():
        header[name] = {
            "dtype": NAMES[value.dtype],
            "shape": list(value.shape),
            "data_offsets": [offset, offset + value.nbytes],
        }
        offset += value.nbytes
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    data = struct.pack("<Q", len(text)) + text + b"".join(value.tobytes() for value in arrays.values())
    (FOLDER / file).write_bytes(data)
    print(f"{file}: {len(cases)} cases, {len(arrays)} tensors, {len(data):,} bytes")


def made_by():
    return f"{Path(sys.argv[0]).name}, PyTorch {torch.__version__} on {platform.machine()}"


def seed(name):
    """A case's seed comes from its name, so that a new case leaves the others' numbers alone."""
    torch.manual_seed(zlib.crc32(name.encode()))


def sha256(tensors):
    """SHA-256 of the little-endian float32 bytes of the tensors, one after another."""
    digest = hashlib.sha256()
    for tensor in tensors:
        digest.update(array(tensor).tobytes())
    return digest.hexdigest()


def decimal(values):
    """The shortest decimals that read back as the same float32 values."""
    return [float(str(np.float32(value))) for value in values]


def difference(single, double):
    """How far float32 arithmetic went from float64's: the largest difference divided by the largest value."""
    single, double = array(single).astype(np.float64), array(double)
    largest = np.abs(double).max()
    return float(f"{np.abs(single - double).max() / (largest if largest > 0 else 1):.2g}")
