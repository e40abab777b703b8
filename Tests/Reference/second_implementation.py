"""A second implementation of docs/numerics.md, in numpy, from the page alone: the check that the page says enough.

It trains RepDL's LeNet-5 for some steps and prints the weights' hash after each:

    python3 Tests/Reference/second_implementation.py MNIST_FOLDER [STEPS]

with a folder that holds train-images-idx3-ubyte and train-labels-idx1-ubyte, gzipped or not. Expected after initialisation and after steps 1 and 10 are
2a2d1338..., a20fd4b7... and 35f1421b... (the table at the end of docs/numerics.md). Some four seconds a step. Needs numpy (Debian: python3-numpy), nothing else.
"""
import gzip
import hashlib
import math
import os
import sys

import numpy as np

f32, f64 = np.float32, np.float64


def fma(a, b, c):
    """Section 3: a*b + c rounded once. The product is exact in double; round the sum to odd, then to float32."""
    p = a.astype(f64) * b.astype(f64)
    c = c.astype(f64)
    s = p + c
    t = s - p
    error = (p - (s - t)) + (c - t)
    bits = s.view(np.int64)
    inexact = (error != 0) & (bits & 1 == 0)
    return np.where(inexact, bits + np.where((error > 0) == (s > 0), 1, -1), bits).view(f64).astype(f32)


class Torch:
    """Section 6: PyTorch's generator."""

    def __init__(self, seed):
        self.engine = np.random.MT19937()
        self.engine._legacy_seeding(seed & 0xFFFFFFFF)

    def words(self, count):
        return self.engine.random_raw(count).astype(np.uint64)

    def uniform(self, count, low, high):
        low, high = f32(low), f32(high)
        u = ((self.words(count) & 0xFFFFFF).astype(f64) * 2.0**-24).astype(f32)
        return fma(u, np.full(count, high - low, f32), np.full(count, low, f32))

    def order(self, count):
        self.words(2)
        high, low = self.words(2)
        seed = ((int(high) << 32) | int(low)) & (2**63 - 1)
        words = Torch(seed).words(count - 1)
        order = list(range(count))
        for i in range(count - 1):
            j = i + int(words[i]) % (count - i)
            order[i], order[j] = order[j], order[i]
        return order


SHAPES = [("conv1", (6, 1, 5, 5)), ("conv2", (16, 6, 5, 5)), ("fc1", (120, 400)), ("fc2", (84, 120)), ("fc3", (10, 84))]


def initialise(random):
    parameters = {}
    for name, shape in SHAPES:
        bound = 1 / math.sqrt(math.prod(shape[1:]))
        parameters[name + ".w"] = random.uniform(math.prod(shape), -bound, bound).reshape(shape)
        parameters[name + ".b"] = random.uniform(shape[0], -bound, bound)
    return parameters


def sha256(parameters):
    return hashlib.sha256(b"".join(value.astype("<f4").tobytes() for value in parameters.values())).hexdigest()


def left_to_right(values):
    """Section 1: a plain sum over the first axis."""
    total = np.zeros(values.shape[1:], f32)
    for value in values:
        total = total + value
    return total


def convolution(x, w, b):
    outputs, channels, kernel, _ = w.shape
    side = x.shape[2] - kernel + 1
    y = np.zeros((len(x), outputs, side, side), f32)
    for c in range(channels):
        for u in range(kernel):
            for v in range(kernel):
                y = fma(np.broadcast_to(w[None, :, c, u, v, None, None], y.shape), np.broadcast_to(x[:, None, c, u:u + side, v:v + side], y.shape), y)
    return y + b[None, :, None, None]


def convolution_gradients(dy, x, w, wants_input):
    outputs, channels, kernel, _ = w.shape
    side = dy.shape[2]
    dw = np.zeros(w.shape, f32)
    for n in range(len(x)):
        for i in range(side):
            for j in range(side):
                dw = fma(np.broadcast_to(dy[n, :, i, j][:, None, None, None], w.shape), np.broadcast_to(x[n, None, :, i:i + kernel, j:j + kernel], w.shape), dw)
    db = left_to_right(dy.transpose(0, 2, 3, 1).reshape(-1, outputs))
    if not wants_input:
        return dw, db, None
    # Of tap (u, v), place (h, k) belongs to output (h - u, k - v); outside there is none, which zeros do not change.
    padded = np.pad(dy, ((0, 0), (0, 0), (kernel - 1, kernel - 1), (kernel - 1, kernel - 1)))
    dx = np.zeros(x.shape, f32)
    size = x.shape[2]
    for o in range(outputs):
        for u in range(kernel):
            for v in range(kernel):
                part = padded[:, None, o, kernel - 1 - u:kernel - 1 - u + size, kernel - 1 - v:kernel - 1 - v + size]
                dx = fma(np.broadcast_to(part, dx.shape), np.broadcast_to(w[None, o, :, u, v][:, :, None, None], dx.shape), dx)
    return dw, db, dx


def product(a, b):
    """a: [N, K], b: [O, K]; the chain over k."""
    y = np.zeros((len(a), len(b)), f32)
    for k in range(a.shape[1]):
        y = fma(np.broadcast_to(a[:, k, None], y.shape), np.broadcast_to(b[None, :, k], y.shape), y)
    return y


def relu(x):
    return np.where(x <= 0, f32(0), x)


def pool(x):
    n, c, h, w = x.shape
    windows = x.reshape(n, c, h // 2, 2, w // 2, 2).transpose(0, 1, 2, 4, 3, 5).reshape(n, c, h // 2, w // 2, 4)
    return windows.max(axis=4), windows.argmax(axis=4)


def pool_gradient(dy, choice):
    n, c, h, w = dy.shape
    dx = np.zeros((n, c, h, w, 4), f32)
    np.put_along_axis(dx, choice[..., None], dy[..., None], axis=4)
    return dx.reshape(n, c, h, w, 2, 2).transpose(0, 1, 2, 4, 3, 5).reshape(n, c, 2 * h, 2 * w)


def gradients(p, x, labels):
    n = len(x)
    x = np.pad(x, ((0, 0), (0, 0), (2, 2), (2, 2)))
    r1 = relu(convolution(x, p["conv1.w"], p["conv1.b"]))
    p1, c1 = pool(r1)
    r2 = relu(convolution(p1, p["conv2.w"], p["conv2.b"]))
    p2, c2 = pool(r2)
    a0 = p2.reshape(n, 400)
    a1 = relu(product(a0, p["fc1.w"]) + p["fc1.b"])
    a2 = relu(product(a1, p["fc2.w"]) + p["fc2.b"])
    logits = product(a2, p["fc3.w"]) + p["fc3.b"]

    # Section 4.
    shifted = logits - logits.max(axis=1, keepdims=True)
    e = np.array([[f32(math.exp(float(value))) for value in row] for row in shifted], f32)
    dy = e / left_to_right(e.T)[:, None]
    dy[np.arange(n), labels] -= f32(1)
    dy = dy * f32(1.0 / n)

    g = {}
    for name, below in (("fc3", a2), ("fc2", a1), ("fc1", a0)):
        g[name + ".w"], g[name + ".b"] = product(dy.T, below.T), left_to_right(dy)
        dy = product(dy, p[name + ".w"].T)
        if name != "fc1":
            dy = np.where(below <= 0, f32(0), dy)
    dy = np.where(r2 <= 0, f32(0), pool_gradient(dy.reshape(p2.shape), c2))
    g["conv2.w"], g["conv2.b"], dy = convolution_gradients(dy, p1, p["conv2.w"], True)
    dy = np.where(r1 <= 0, f32(0), pool_gradient(dy, c1))
    g["conv1.w"], g["conv1.b"], _ = convolution_gradients(dy, x, p["conv1.w"], False)
    return g


def power(beta, t):
    r = 1.0
    for bit in bin(t)[2:]:
        r = r * r * (beta if bit == "1" else 1.0)
    return r


def adam(p, g, m, v, t, rate=0.01, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """Section 5."""
    correction, factor = f32(math.sqrt(1 - power(beta2, t))), f32(-rate / (1 - power(beta1, t)))
    for name in p:
        m[name] = fma(g[name], np.full(g[name].shape, f32(1 - beta1)), m[name] * f32(beta1))
        v[name] = v[name] * f32(beta2) + (g[name] * g[name]) * f32(1 - beta2)
        d = np.sqrt(v[name]) / correction + f32(epsilon)
        p[name] = p[name] + (m[name] / d) * factor


def read(folder, name, header):
    path = os.path.join(folder, name)
    data = open(path, "rb").read() if os.path.exists(path) else gzip.open(path + ".gz").read()
    return np.frombuffer(data, np.uint8)[header:]


def main():
    folder, steps = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1
    images = read(folder, "train-images-idx3-ubyte", 16).reshape(-1, 1, 28, 28)
    labels = read(folder, "train-labels-idx1-ubyte", 8)
    random = Torch(0)
    p = initialise(random)
    random.words(61_706)
    print(0, sha256(p), flush=True)
    order = random.order(len(images))
    m, v = ({name: np.zeros_like(value) for name, value in p.items()} for _ in range(2))
    for step in range(1, steps + 1):
        batch = order[100 * (step - 1):100 * step]
        g = gradients(p, images[batch].astype(f32) / f32(255), labels[batch])
        adam(p, g, m, v, step)
        print(step, sha256(p), flush=True)


main()
