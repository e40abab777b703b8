"""Parameters after 20 steps of every optimizer on stored gradients, by PyTorch in float32 (TensorFlow's Adam: by
NumPy) -> optimizers.safetensors."""

import numpy as np
import torch

from reference import difference, seed, write

STEPS, KEPT = 20, (1, 2, 5, 20)
tensors, cases = {}, []

# The gradients' sizes run from 1e-9, where epsilon matters, to 10; an element of each tensor has gradient 0 throughout.
seed("optimizers")
start = {"weight": torch.randn(5, 7) / 10, "bias": torch.randn(11) / 10}
gradients = {}
for name, parameter in start.items():
    scale = 10 ** torch.linspace(-9, 1, parameter.numel()).reshape(parameter.shape)
    gradients[name] = torch.randn(STEPS, *parameter.shape) * scale
    gradients[name].view(STEPS, -1)[:, 3] = 0
    tensors[f"start/{name}"] = parameter
    tensors[f"gradients/{name}"] = gradients[name]


def keep(name, optimizer, run, **configuration):
    single, double = run(np.float32), run(np.float64)
    for key, value in single.items():
        tensors[f"{name}/{key}"] = value
    float64_difference = {key: difference(single[key], double[key]) for key in single}
    cases.append({"name": name, "optimizer": optimizer, **configuration, "float64_difference": float64_difference})


def pytorch(name, optimizer, clip=None, **configuration):
    """`configuration` is written out in full: the names and the values of PyTorch's arguments. `clip` is the longest norm
    of the gradients."""

    def run(dtype):
        dtype = torch.from_numpy(np.empty(0, dtype)).dtype
        parameters = {key: value.to(dtype).clone().requires_grad_() for key, value in start.items()}
        stepper = getattr(torch.optim, optimizer)(parameters.values(), **configuration)
        kept = {}
        for step in range(STEPS):
            for key, parameter in parameters.items():
                parameter.grad = gradients[key][step].to(dtype).clone()
            if clip is not None:
                torch.nn.utils.clip_grad_norm_(list(parameters.values()), clip)
            stepper.step()
            if step + 1 in KEPT:
                kept |= {f"step{step + 1}/{key}": value.detach().clone() for key, value in parameters.items()}
        return kept

    keep(name, optimizer, run, **configuration, **({} if clip is None else {"clip": clip}))


def tensorflow_adam(name, lr, betas, eps):
    """TensorFlow 1's tf.train.AdamOptimizer: epsilon is added before the bias correction ("epsilon hat" in the paper,
    arXiv:1412.6980, end of section 2). The kernel's order of operations (ApplyAdam in
    tensorflow/core/kernels/training_ops.cc), powers of beta as float32 variables multiplied after each step."""

    def run(dtype):
        one, rate, epsilon = dtype(1), dtype(lr), dtype(eps)
        beta1, beta2 = (dtype(beta) for beta in betas)
        power1, power2 = beta1, beta2
        parameters = {key: value.numpy().astype(dtype) for key, value in start.items()}
        first = {key: np.zeros_like(value) for key, value in parameters.items()}
        second = {key: np.zeros_like(value) for key, value in parameters.items()}
        kept = {}
        for step in range(STEPS):
            alpha = rate * np.sqrt(one - power2) / (one - power1)
            for key in parameters:
                gradient = gradients[key][step].numpy().astype(dtype)
                first[key] = first[key] + (gradient - first[key]) * (one - beta1)
                second[key] = second[key] + (gradient * gradient - second[key]) * (one - beta2)
                parameters[key] = parameters[key] - (first[key] * alpha) / (np.sqrt(second[key]) + epsilon)
            power1, power2 = power1 * beta1, power2 * beta2
            if step + 1 in KEPT:
                kept |= {f"step{step + 1}/{key}": value for key, value in parameters.items()}
        return kept

    keep(name, "TensorFlowAdam", run, lr=lr, betas=betas, eps=eps)


sgd = {"lr": 0.01, "momentum": 0.0, "dampening": 0.0, "weight_decay": 0.0, "nesterov": False}
pytorch("sgd/plain", "SGD", **sgd)
pytorch("sgd/momentum", "SGD", **sgd | {"momentum": 0.9})
pytorch("sgd/dampening", "SGD", **sgd | {"momentum": 0.9, "dampening": 0.5})
pytorch("sgd/nesterov", "SGD", **sgd | {"momentum": 0.9, "nesterov": True})
pytorch("sgd/weight-decay", "SGD", **sgd | {"weight_decay": 0.1})
pytorch("sgd/momentum-weight-decay", "SGD", **sgd | {"momentum": 0.9, "weight_decay": 0.1})
pytorch("sgd/nesterov-weight-decay", "SGD", **sgd | {"momentum": 0.9, "weight_decay": 0.1, "nesterov": True})

pytorch("sgd/clipped", "SGD", clip=1.0, **sgd | {"momentum": 0.9})
pytorch("sgd/hardly-clipped", "SGD", clip=15.0, **sgd)

adam = {"lr": 0.001, "betas": (0.9, 0.999), "eps": 1e-8, "weight_decay": 0.0}
pytorch("adam/defaults", "Adam", **adam)
pytorch("adam/lr-0.01", "Adam", **adam | {"lr": 0.01})
pytorch("adam/betas", "Adam", **adam | {"betas": (0.8, 0.9), "eps": 1e-3})
pytorch("adam/weight-decay", "Adam", **adam | {"weight_decay": 0.1})
pytorch("adamw/defaults", "AdamW", **adam | {"weight_decay": 0.01})
pytorch("adamw/no-decay", "AdamW", **adam)
pytorch("adamw/lr-0.01", "AdamW", **adam | {"lr": 0.01, "weight_decay": 0.1})

rmsprop = {"lr": 0.01, "alpha": 0.99, "eps": 1e-8, "weight_decay": 0.0, "momentum": 0.0, "centered": False}
pytorch("rmsprop/defaults", "RMSprop", **rmsprop)
pytorch("rmsprop/momentum", "RMSprop", **rmsprop | {"momentum": 0.9})
pytorch("rmsprop/centered", "RMSprop", **rmsprop | {"centered": True})
pytorch("rmsprop/weight-decay", "RMSprop", **rmsprop | {"weight_decay": 0.1})

adagrad = {"lr": 0.01, "lr_decay": 0.0, "weight_decay": 0.0, "initial_accumulator_value": 0.0, "eps": 1e-10}
pytorch("adagrad/defaults", "Adagrad", **adagrad)
pytorch("adagrad/decay", "Adagrad", **adagrad | {"lr_decay": 0.1, "weight_decay": 0.1})
pytorch("adagrad/accumulator", "Adagrad", **adagrad | {"initial_accumulator_value": 0.1})

tensorflow_adam("tensorflow-adam/defaults", lr=0.001, betas=(0.9, 0.999), eps=1e-8)
tensorflow_adam("tensorflow-adam/epsilon", lr=0.01, betas=(0.9, 0.999), eps=1e-3)

write("optimizers.safetensors", tensors, cases)
