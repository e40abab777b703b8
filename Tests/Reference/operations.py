"""Values and gradients of every operation, by PyTorch in float32 -> operations.safetensors."""

import torch
import torch.nn.functional as F

from reference import difference, seed, write

tensors, cases = {}, []


def case(name, operation, inputs, compute, **configuration):
    """Stores the inputs, the output, a random upstream gradient, and the gradient of every input; and, in the
    configuration, how far each of these lies from the same computation in float64."""

    def run(dtype):
        leaves = {key: value.detach().to(dtype).requires_grad_() for key, value in inputs.items()}
        output = compute(**leaves)
        output.backward(upstream.to(dtype))
        return {"output": output} | {f"gradient/{key}": leaf.grad for key, leaf in leaves.items()}

    seed(f"{name}/upstream")
    upstream = torch.randn(compute(**inputs).shape)
    single, double = run(torch.float32), run(torch.float64)
    for key, value in {**inputs, "upstream": upstream, **single}.items():
        tensors[f"{name}/{key}"] = value
    float64_difference = {key: difference(single[key], double[key]) for key in single}
    cases.append(
        {"name": name, "operation": operation, **configuration, "float64_difference": float64_difference}
    )


def convolution(batch, channels, height, width, out_channels, kernel, stride=1, padding=0, bias=True):
    name = f"conv2d/{batch}x{channels}x{height}x{width}-{out_channels}-k{kernel}s{stride}p{padding}"
    name += "" if bias else "-nobias"
    seed(name)
    inputs = {
        "input": torch.randn(batch, channels, height, width),
        "weight": torch.randn(out_channels, channels, kernel, kernel) / (channels * kernel * kernel) ** 0.5,
    }
    if bias:
        inputs["bias"] = torch.randn(out_channels)
    case(
        name,
        "conv2d",
        inputs,
        lambda input, weight, bias=None: F.conv2d(input, weight, bias, stride, padding),
        batch=batch,
        channels=channels,
        height=height,
        width=width,
        out_channels=out_channels,
        kernel=kernel,
        stride=stride,
        padding=padding,
        bias=bias,
    )


convolution(1, 1, 5, 7, 1, kernel=1)
convolution(3, 2, 6, 5, 4, kernel=1, stride=2)
convolution(3, 2, 7, 5, 3, kernel=1, stride=3, padding=1)
convolution(1, 3, 7, 9, 2, kernel=2)
convolution(3, 1, 7, 6, 3, kernel=2, stride=3, padding=1)
convolution(3, 2, 4, 5, 3, kernel=2, stride=1, padding=2)
convolution(3, 1, 8, 10, 6, kernel=3, padding=1)
convolution(17, 1, 8, 6, 6, kernel=3, padding=1)
convolution(3, 4, 9, 8, 5, kernel=3, stride=2, padding=1)
convolution(1, 2, 10, 7, 3, kernel=3, stride=3)
convolution(17, 3, 7, 5, 4, kernel=3, stride=2, padding=2)
convolution(3, 2, 8, 7, 4, kernel=3, stride=1, padding=2, bias=False)
convolution(3, 2, 6, 7, 2, kernel=3, stride=1, padding=3)
convolution(1, 17, 6, 5, 3, kernel=3, padding=1)
convolution(3, 2, 4, 5, 33, kernel=3, padding=1)
convolution(3, 6, 9, 11, 16, kernel=5)
convolution(3, 2, 8, 9, 3, kernel=5, padding=2)
convolution(17, 2, 9, 7, 3, kernel=5, stride=2, padding=2)
convolution(3, 2, 4, 3, 5, kernel=5, padding=2)
convolution(1, 1, 11, 8, 2, kernel=5, stride=3, padding=1)


def pooling(operation, function, batch, channels, height, width, window, stride, ties=False):
    name = f"{operation}/{batch}x{channels}x{height}x{width}-w{window}s{stride}{'-ties' if ties else ''}"
    seed(name)
    input = torch.randn(batch, channels, height, width)
    input = torch.floor(input) if ties else input
    case(
        name,
        operation,
        {"input": input},
        lambda input: function(input, window, stride),
        batch=batch,
        channels=channels,
        height=height,
        width=width,
        window=window,
        stride=stride,
        ties=ties,
    )


for operation, function in (("max_pool2d", F.max_pool2d), ("avg_pool2d", F.avg_pool2d)):
    pooling(operation, function, 1, 1, 4, 6, window=2, stride=2)
    pooling(operation, function, 3, 2, 7, 5, window=2, stride=2)
    pooling(operation, function, 17, 3, 6, 8, window=2, stride=2)
    pooling(operation, function, 3, 2, 5, 6, window=2, stride=1)
    pooling(operation, function, 3, 2, 8, 7, window=2, stride=3)
    pooling(operation, function, 3, 3, 7, 8, window=3, stride=1)
    pooling(operation, function, 1, 2, 9, 7, window=3, stride=2)
    pooling(operation, function, 17, 1, 9, 6, window=3, stride=3)
pooling("max_pool2d", F.max_pool2d, 3, 2, 8, 6, window=2, stride=2, ties=True)
pooling("max_pool2d", F.max_pool2d, 3, 2, 7, 8, window=3, stride=1, ties=True)
pooling("max_pool2d", F.max_pool2d, 1, 3, 8, 7, window=3, stride=2, ties=True)


for shape in ((1, 1, 3, 5), (17, 3, 7, 7)):
    name = f"global_avg_pool2d/{'x'.join(map(str, shape))}"
    seed(name)
    case(name, "global_avg_pool2d", {"input": torch.randn(shape)}, lambda input: F.adaptive_avg_pool2d(input, 1).flatten(1))

    name = f"flatten_channels_last/{'x'.join(map(str, shape))}"
    seed(name)
    case(name, "flatten_channels_last", {"input": torch.randn(shape)}, lambda input: input.permute(0, 2, 3, 1).flatten(1))


def linear(batch, features, out_features, bias=True):
    name = f"linear/{batch}x{features}-{out_features}{'' if bias else '-nobias'}"
    seed(name)
    inputs = {
        "input": torch.randn(batch, features),
        "weight": torch.randn(out_features, features) / features**0.5,
    }
    if bias:
        inputs["bias"] = torch.randn(out_features)
    case(
        name,
        "linear",
        inputs,
        lambda input, weight, bias=None: F.linear(input, weight, bias),
        batch=batch,
        features=features,
        out_features=out_features,
        bias=bias,
    )


linear(1, 1, 1)
linear(1, 16, 10)
linear(3, 15, 17)
linear(17, 33, 10)
linear(5, 84, 10, bias=False)


def matmul(rows, inner, columns):
    name = f"matmul/{rows}x{inner}x{columns}"
    seed(name)
    inputs = {"left": torch.randn(rows, inner), "right": torch.randn(inner, columns)}
    case(name, "matmul", inputs, lambda left, right: left @ right, rows=rows, inner=inner, columns=columns)


matmul(1, 1, 1)
matmul(3, 5, 7)
matmul(17, 33, 10)
matmul(16, 1, 15)

for shape in ((3, 17), (17, 2, 3, 5)):
    name = f"add/{'x'.join(map(str, shape))}"
    seed(name)
    inputs = {"left": torch.randn(shape), "right": torch.randn(shape)}
    case(name, "add", inputs, lambda left, right: left + right)

for factor in (0.37, -2.5):
    name = f"scale/3x17-{factor}"
    seed(name)
    case(name, "scale", {"input": torch.randn(3, 17)}, lambda input: input * factor, factor=factor)

for shape in ((3, 2, 4, 5), (17, 3, 1, 2)):
    name = f"flatten/{'x'.join(map(str, shape))}"
    seed(name)
    case(name, "flatten", {"input": torch.randn(shape)}, lambda input: input.flatten(1))


def elementwise(operation, function, **configuration):
    """Each function at 123 values: its corners and 111 at random."""
    name = "-".join([f"{operation}/3x41", *(f"{key}{value}" for key, value in configuration.items())])
    seed(name)
    corners = torch.tensor([0.0, -0.0, 1e-6, -1e-6, 1.0, -1.0, 6.0, -6.0, 20.0, -20.0, 88.0, -88.0])
    input = torch.cat([corners, torch.randn(111) * 3]).reshape(3, 41)
    case(name, operation, {"input": input}, lambda input: function(input, **configuration), **configuration)


elementwise("relu", F.relu)
elementwise("sigmoid", torch.sigmoid)
elementwise("tanh", torch.tanh)
elementwise("leaky_relu", F.leaky_relu, negative_slope=0.01)
elementwise("leaky_relu", F.leaky_relu, negative_slope=0.2)
elementwise("elu", F.elu, alpha=1.0)
elementwise("elu", F.elu, alpha=0.5)
elementwise("gelu", F.gelu)
elementwise("scaled_tanh", lambda x, amplitude, slope: amplitude * torch.tanh(slope * x), amplitude=1.7159, slope=2 / 3)


def rows(operation, function, batch, classes, spread):
    name = f"{operation}/{batch}x{classes}-spread{spread}"
    seed(name)
    input = torch.randn(batch, classes) * spread
    case(name, operation, {"input": input}, lambda input: function(input, dim=1), batch=batch, classes=classes)


for operation, function in (("softmax", F.softmax), ("log_softmax", F.log_softmax)):
    rows(operation, function, 1, 2, spread=1)
    rows(operation, function, 5, 10, spread=3)
    rows(operation, function, 17, 10, spread=50)


def labelled(operation, function, batch, classes, spread, reduction):
    name = f"{operation}/{batch}x{classes}-spread{spread}-{reduction}"
    seed(name)
    labels = torch.randint(0, classes, (batch,))
    input = torch.randn(batch, classes) * spread
    case(
        name,
        operation,
        {"input": input},
        lambda input: function(input, labels, reduction=reduction),
        batch=batch,
        classes=classes,
        reduction=reduction,
        labels=labels.tolist(),
    )


for reduction in ("mean", "sum"):
    labelled("cross_entropy", F.cross_entropy, 1, 2, 1, reduction)
    labelled("cross_entropy", F.cross_entropy, 5, 10, 3, reduction)
    labelled("cross_entropy", F.cross_entropy, 17, 10, 50, reduction)
    labelled("cross_entropy", F.cross_entropy, 33, 3, 1, reduction)
    labelled("nll_loss", F.nll_loss, 5, 10, 3, reduction)
    name = f"mse_loss/5x7-{reduction}"
    seed(name)
    inputs = {"input": torch.randn(5, 7), "target": torch.randn(5, 7)}
    case(
        name,
        "mse_loss",
        inputs,
        lambda input, target: F.mse_loss(input, target, reduction=reduction),
        reduction=reduction,
    )

write("operations.safetensors", tensors, cases)
