"""LeNet-5 in PyTorch and in NumPy alone: weights for the program to read, and what the program wrote read back.

  exchange.py make-torch FOLDER    trains in PyTorch; there.safetensors, and in there.npz images and their logits
  exchange.py make-numpy FOLDER    draws in NumPy; there-weights.npz, and the same in there.npz
  exchange.py read-torch FOLDER    here.safetensors, computed by PyTorch, against the images and logits in here.npz
  exchange.py read-numpy FOLDER    here-weights.npz, computed by NumPy, against the same
  exchange.py connections FOLDER   C3 of 1998 from weights.safetensors or .npz, computed by PyTorch, against layers.npz; the weights again in back.npz

Needs python3-torch for the one half and python3-numpy for the other; safetensors is written and read here by its description.
"""

import json
import os
import struct
import sys

import numpy

SHAPES = {
    "conv1.weight": (6, 1, 5, 5), "conv1.bias": (6,), "conv2.weight": (16, 6, 5, 5), "conv2.bias": (16,),
    "fc1.weight": (120, 400), "fc1.bias": (120,), "fc2.weight": (84, 120), "fc2.bias": (84,), "fc3.weight": (10, 84), "fc3.bias": (10,),
}


def main(what, folder):
    os.chdir(folder)
    if what == "make-torch":
        make_torch()
    elif what == "make-numpy":
        random = numpy.random.default_rng(3)
        weights = {name: random.uniform(-0.2, 0.2, shape).astype("float32") for name, shape in SHAPES.items()}
        # As NumPy's users have them: in column-major order here and there, and under a name of their own.
        weights["fc1.weight"] = numpy.asfortranarray(weights["fc1.weight"])
        images = random.uniform(0, 1, (40, 1, 32, 32)).astype("float32")
        numpy.savez_compressed("there-weights.npz", **{"net/" + name.replace(".", "/"): values for name, values in weights.items()})
        numpy.savez("there.npz", images=images, logits=forward(weights, images))
    elif what == "connections":
        connections()
    else:
        given = numpy.load("here.npz")
        logits = read_torch(given["images"]) if what == "read-torch" else forward(numpy.load("here-weights.npz"), given["images"])
        largest = float(numpy.abs(logits - given["logits"]).max() / max(1, numpy.abs(given["logits"]).max()))
        print(f"{len(logits)} images, largest difference {largest:.2g}")
        sys.exit(0 if len(logits) > 0 and largest <= 1e-5 else 1)


def network():
    from torch import nn

    class LeNet5(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv1, self.conv2 = nn.Conv2d(1, 6, 5), nn.Conv2d(6, 16, 5)
            self.fc1, self.fc2, self.fc3 = nn.Linear(400, 120), nn.Linear(120, 84), nn.Linear(84, 10)

        def forward(self, x):
            x = nn.functional.max_pool2d(nn.functional.relu(self.conv1(x)), 2)
            x = nn.functional.max_pool2d(nn.functional.relu(self.conv2(x)), 2)
            x = nn.functional.relu(self.fc1(x.flatten(1)))
            return self.fc3(nn.functional.relu(self.fc2(x)))

    return LeNet5()


def make_torch():
    import torch

    torch.manual_seed(7)
    model, images, labels = network(), torch.rand(64, 1, 32, 32), torch.randint(0, 10, (64,))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    for _ in range(20):
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(model(images), labels).backward()
        optimizer.step()
    # As a model in DataParallel saves itself.
    save("there.safetensors", {"module." + name: values.numpy() for name, values in model.state_dict().items()})
    with torch.no_grad():
        numpy.savez("there.npz", images=images.numpy(), logits=model(images).numpy())


def read_torch(images):
    import torch

    model = network()
    model.load_state_dict({name: torch.from_numpy(values) for name, values in load("here.safetensors").items()}, strict=True)
    with torch.no_grad():
        return model(torch.from_numpy(images)).numpy()


def connections():
    import torch

    weights = load("weights.safetensors") if os.path.exists("weights.safetensors") else dict(numpy.load("weights.npz"))
    layers = numpy.load("layers.npz")
    convolution = torch.nn.Conv2d(6, 16, 5)
    convolution.load_state_dict({own: torch.from_numpy(weights["c3." + own]) for own in ("weight", "bias")})
    with torch.no_grad():
        c3 = convolution(torch.from_numpy(layers["s2f"])).numpy()
    numpy.savez("back.npz", **weights)
    largest = float(numpy.abs(c3 - layers["c3"]).max() / numpy.abs(layers["c3"]).max())
    print(f"c3 {largest:.2g}")
    sys.exit(0 if largest <= 1e-5 and (weights["c3.weight"] != 0).any((2, 3)).sum() == 60 else 1)


def forward(weights, images):
    def convolution(x, name):
        windows = numpy.lib.stride_tricks.sliding_window_view(x, (5, 5), axis=(2, 3))
        return numpy.einsum("nchwij,ocij->nohw", windows, weights[name + ".weight"]) + weights[name + ".bias"][:, None, None]

    def pool(x):
        n, c, h, w = x.shape
        return numpy.maximum(x, 0).reshape(n, c, h // 2, 2, w // 2, 2).max((3, 5))

    x = pool(convolution(pool(convolution(images, "conv1")), "conv2")).reshape(len(images), -1)
    for name in ("fc1", "fc2"):
        x = numpy.maximum(x @ weights[name + ".weight"].T + weights[name + ".bias"], 0)
    return (x @ weights["fc3.weight"].T + weights["fc3.bias"]).astype("float32")


def save(file, tensors):
    header, data = {}, b""
    for name, values in tensors.items():
        raw = numpy.ascontiguousarray(values, "<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(values.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    with open(file, "wb") as out:
        out.write(struct.pack("<Q", len(text)) + text + data)


def load(file):
    with open(file, "rb") as stream:
        content = stream.read()
    start = 8 + struct.unpack("<Q", content[:8])[0]
    header = json.loads(content[8:start])
    return {
        name: numpy.frombuffer(content[start:][slice(*entry["data_offsets"])], "<f4").reshape(entry["shape"]).copy()
        for name, entry in header.items() if name != "__metadata__"
    }


main(*sys.argv[1:])
