"""Logits, losses, gradients and 20 optimizer steps of whole networks, by PyTorch -> networks.safetensors."""

import torch
from torch.nn import functional as F

from models import NETWORKS, Official, optimizer
from reference import difference, sha256, write

BATCH, STEPS, FULL = 5, 20, 2500
tensors, cases = {}, []


def every(tensor):
    """Of a small tensor every element is kept; of one above 2,500 every 37th; of one above 100,000 every 3,701st."""
    return 1 if tensor.numel() <= FULL else 37 if tensor.numel() <= 100_000 else 3701


def thin(tensor):
    """The elements that are kept, in row-major order; all of a small tensor in its shape."""
    return tensor.detach().clone() if every(tensor) == 1 else tensor.detach().flatten()[:: every(tensor)].clone()


def norms(gradients):
    return {name: float(gradient.double().norm()) for name, gradient in gradients.items()}


def differences(single, double):
    return {key: difference(single[key], double[key]) for key in single}


def facts(module):
    """What one can check of a freshly initialised network without running it."""
    return {
        "seed": 0,
        "parameters": {name: list(parameter.shape) for name, parameter in module.named_parameters()},
        "every": {name: every(p) for name, p in module.named_parameters()},
        "sha256": sha256(module.parameters()),
        "sha256_by_parameter": {name: sha256([p]) for name, p in module.named_parameters()},
    }


def training(name):
    """A batch of random images: logits, loss, gradients; then 20 steps on that batch, the loss before each, and the
    logits after the last."""
    network = NETWORKS[name]
    torch.manual_seed(1)
    images = torch.rand(BATCH, 1, 28, 28)
    labels = torch.randint(0, 10, (BATCH,))

    def run(dtype):
        torch.manual_seed(0)
        module = network["module"]().to(dtype)
        stepper = optimizer(network, module)
        input = F.pad(images.to(dtype), [network["pad"]] * 4)
        kept, losses = {}, []
        for step in range(STEPS):
            logits = module(input)
            loss = F.cross_entropy(logits, labels, reduction=network["reduction"])
            stepper.zero_grad()
            loss.backward()
            losses.append(loss.detach())
            if step == 0:
                gradients = {key: value.grad.clone() for key, value in module.named_parameters()}
                kept["logits"] = logits.detach()
                kept |= {f"gradient/{key}": thin(value) for key, value in gradients.items()}
            stepper.step()
        kept["losses"] = torch.stack(losses)
        kept["logits_after"] = module(input).detach()
        return kept, norms(gradients)

    torch.manual_seed(0)
    initial = facts(network["module"]())
    (single, gradient_norms), (double, _) = run(torch.float32), run(torch.float64)
    tensors[f"{name}/images"] = images
    for key, value in single.items():
        tensors[f"{name}/{key}"] = value
    tensors[f"{name}/losses_float64"] = double["losses"]
    cases.append(
        {
            "name": name,
            "kind": "training",
            **{key: network[key] for key in ("pad", "reduction", "optimizer", "lr")},
            "images_seed": 1,
            "labels": labels.tolist(),
            "steps": STEPS,
            **initial,
            "gradient_norms": gradient_norms,
            "float64_difference": differences(single, double),
        }
    )


def walk_through(name):
    """The tutorial's first look at its network: one random image forward, one random gradient back, all from seed 0."""

    def run(dtype):
        torch.manual_seed(0)
        module = Official()
        initial = facts(module)
        input, upstream = torch.randn(1, 1, 32, 32), torch.randn(1, 10)
        module.to(dtype)
        logits = module(input.to(dtype))
        logits.backward(upstream.to(dtype))
        gradients = {key: value.grad for key, value in module.named_parameters()}
        kept = {"logits": logits.detach()} | {f"gradient/{key}": thin(value) for key, value in gradients.items()}
        return input, upstream, kept, initial, norms(gradients)

    input, upstream, single, initial, gradient_norms = run(torch.float32)
    double = run(torch.float64)[2]
    for key, value in {"input": input, "upstream": upstream, **single}.items():
        tensors[f"{name}/{key}"] = value
    cases.append(
        {
            "name": name,
            "kind": "walk-through",
            **initial,
            "gradient_norms": gradient_norms,
            "float64_difference": differences(single, double),
        }
    )


training("folk")
training("official")
training("classic-sigmoid")
training("classic-tanh")
training("tensorflow")
walk_through("official-walk-through")
write("networks.safetensors", tensors, cases)
