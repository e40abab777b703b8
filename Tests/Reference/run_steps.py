"""The first 100 steps of a training run on MNIST, as a person gets them from PyTorch's own DataLoader, loss and optimizer:
what folk_steps.py and official_steps.py share."""

import json

import numpy as np
import torch
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset

from models import NETWORKS, mnist_train, optimizer
from reference import FOLDER, decimal, made_by

SEED, BATCH, STEPS = 0, 64, 100


def first_steps(name, whole_epoch=False):
    network = NETWORKS[name]
    images, labels = mnist_train(network["pad"])
    # The third tensor of the data set is an image's own index: so the order comes from the loader that trains.
    dataset = TensorDataset(images, labels, torch.arange(len(labels)))

    def run(dtype, steps):
        torch.manual_seed(SEED)
        module = network["module"]().to(dtype)
        stepper = optimizer(network, module)
        losses, order, correct = [], [], 0
        for input, label, index in DataLoader(dataset, batch_size=BATCH, shuffle=True):
            stepper.zero_grad()
            logits = module(input.to(dtype))
            loss = F.cross_entropy(logits, label, reduction=network["reduction"])
            loss.backward()
            stepper.step()
            losses.append(loss.item())
            order += index.tolist()
            correct += int((logits.argmax(1) == label).sum())
            if len(losses) == steps:
                break
        return losses, order, correct

    losses, order, correct = run(torch.float32, None if whole_epoch else STEPS)
    double = run(torch.float64, STEPS)[0]
    numbers = {
        "made_by": made_by(),
        "experiment": name,
        "seed": SEED,
        "batch": BATCH,
        **{key: network[key] for key in ("pad", "reduction", "optimizer", "lr")},
        "order": order[:20],
        # The loss as the optimizer sees it, before each step; mean_losses are per sample (BATCH samples a step).
        "losses": decimal(losses[:STEPS]),
        "mean_losses": decimal(np.float32(losses[:STEPS]) / (BATCH if network["reduction"] == "sum" else 1)),
        # The same run in float64: how far rounding alone may lead.
        "losses_float64": double,
    }
    if whole_epoch:
        total = sum(losses)
        numbers["epoch1"] = {"loss": total / len(labels), "accuracy": correct / len(labels)}
        print(f"epoch 1: {numbers['epoch1']}")
    relative = max(abs(a - b) / b for a, b in zip(losses, double))
    print(f"{name}: loss {losses[0]:.6f} to {losses[STEPS - 1]:.6f}; float32 and float64 differ by {relative:.1e}")
    (FOLDER / f"{name}_steps.json").write_text(json.dumps(numbers, indent=1) + "\n")
