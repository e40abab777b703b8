"""The networks whose numbers are kept, and MNIST, in PyTorch."""

import gzip
import os
import sys
from pathlib import Path

import numpy as np
import torch
from torch import nn


class Folk(nn.Module):
    """A popular tutorial's LeNet: no activations between its layers."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Sequential(
            nn.Conv2d(1, 6, 3, padding=1), nn.MaxPool2d(2, 2), nn.Conv2d(6, 16, 5), nn.MaxPool2d(2, 2)
        )
        self.fc = nn.Sequential(nn.Linear(400, 120), nn.Linear(120, 84), nn.Linear(84, 10))

    def forward(self, input):
        return self.fc(self.conv(input).flatten(1))


class Official(nn.Module):
    """LeNet-5 as in PyTorch's "Neural Networks" tutorial; its input is 32x32."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(400, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, input):
        c1 = nn.functional.max_pool2d(self.conv1(input).relu(), 2)
        c2 = nn.functional.max_pool2d(self.conv2(c1).relu(), 2)
        return self.fc3(self.fc2(self.fc1(c2.flatten(1)).relu()).relu())


class Classic(nn.Module):
    """LeNet-5's sizes with squashing functions; its input is 32x32."""

    def __init__(self, activation, pool, gain):
        super().__init__()
        self.activation, self.pool = activation, pool
        self.conv1 = nn.Conv2d(1, 6, 5)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(400, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)
        torch.manual_seed(torch.initial_seed())
        for layer in self.children():
            nn.init.xavier_uniform_(layer.weight, gain)
            nn.init.zeros_(layer.bias)

    def forward(self, input):
        s2 = self.pool(self.activation(self.conv1(input)), 2)
        s4 = self.pool(self.activation(self.conv2(s2)), 2)
        return self.fc3(self.activation(self.fc2(self.activation(self.fc1(s4.flatten(1))))))


class ClassicSigmoid(Classic):
    def __init__(self):
        super().__init__(torch.sigmoid, nn.functional.max_pool2d, gain=4)


class ClassicTanh(Classic):
    def __init__(self):
        super().__init__(torch.tanh, nn.functional.avg_pool2d, gain=1)


class TensorFlow(nn.Module):
    """TensorFlow 1's tutorial network without its dropout; flattened in (H, W, C) order. SAME is two pixels on each side here."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 5, padding=2)
        self.conv2 = nn.Conv2d(32, 64, 5, padding=2)
        self.fc1 = nn.Linear(3136, 1024)
        self.fc2 = nn.Linear(1024, 10)

    def forward(self, input):
        pool1 = nn.functional.max_pool2d(self.conv1(input).relu(), 2)
        pool2 = nn.functional.max_pool2d(self.conv2(pool1).relu(), 2)
        return self.fc2(self.fc1(pool2.permute(0, 2, 3, 1).flatten(1)).relu())


class TensorFlowAdam:
    """TensorFlow 1's tf.train.AdamOptimizer: epsilon is added before the bias is corrected."""

    def __init__(self, parameters, lr, betas=(0.9, 0.999), eps=1e-8):
        self.parameters, self.lr, self.betas, self.eps, self.steps = list(parameters), lr, betas, eps, 0
        self.moments = [(torch.zeros_like(p), torch.zeros_like(p)) for p in self.parameters]

    def zero_grad(self):
        for parameter in self.parameters:
            parameter.grad = None

    @torch.no_grad()
    def step(self):
        self.steps += 1
        rate = self.lr * (1 - self.betas[1] ** self.steps) ** 0.5 / (1 - self.betas[0] ** self.steps)
        for parameter, (first, second) in zip(self.parameters, self.moments):
            first += (parameter.grad - first) * (1 - self.betas[0])
            second += (parameter.grad**2 - second) * (1 - self.betas[1])
            parameter -= first * rate / (second.sqrt() + self.eps)


# Of each network: the class, pixels of zeros around a 28x28 image, the loss' reduction, the optimizer.
NETWORKS = {
    "folk": {"module": Folk, "pad": 0, "reduction": "sum", "optimizer": "SGD", "lr": 1e-3},
    "official": {"module": Official, "pad": 2, "reduction": "mean", "optimizer": "Adam", "lr": 1e-3},
    "classic-sigmoid": {"module": ClassicSigmoid, "pad": 2, "reduction": "mean", "optimizer": "Adam", "lr": 2e-3},
    "classic-tanh": {"module": ClassicTanh, "pad": 2, "reduction": "mean", "optimizer": "Adam", "lr": 2e-3},
    "tensorflow": {"module": TensorFlow, "pad": 0, "reduction": "mean", "optimizer": "TensorFlowAdam", "lr": 1e-3},
}


def optimizer(network, module):
    kind = TensorFlowAdam if network["optimizer"] == "TensorFlowAdam" else getattr(torch.optim, network["optimizer"])
    return kind(module.parameters(), lr=network["lr"])


def mnist_train(pad):
    """The 60,000 training images as float32 (N, 1, 28 + 2 pad, 28 + 2 pad), byte / 255, and their labels. The folder of
    the four .gz files is the first argument, or $LENET_DATA/mnist."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else Path(os.environ.get("LENET_DATA", ".")) / "mnist")

    def idx(name, header):
        return np.frombuffer(gzip.decompress((folder / name).read_bytes()), np.uint8, offset=header).copy()

    pixels = torch.from_numpy(idx("train-images-idx3-ubyte.gz", 16)).reshape(-1, 1, 28, 28)
    labels = torch.from_numpy(idx("train-labels-idx1-ubyte.gz", 8)).long()
    return nn.functional.pad(pixels.float().div(255), [pad] * 4), labels
