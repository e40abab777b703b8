"""Initial weights by torch.nn.init from seed 0, as SHA-256 and first values -> initialisations.json."""

import json

import torch
from torch import nn

from reference import FOLDER, decimal, made_by, sha256

SHAPES = {"convolution": (6, 1, 5, 5), "second": (16, 6, 5, 5), "linear": (120, 400), "small": (3, 4)}
FUNCTIONS = {
    "kaiming-uniform": lambda weight: nn.init.kaiming_uniform_(weight, nonlinearity="relu"),
    "kaiming-normal": lambda weight: nn.init.kaiming_normal_(weight, nonlinearity="relu"),
    "xavier-uniform": nn.init.xavier_uniform_,
    "xavier-normal": nn.init.xavier_normal_,
    "xavier-uniform-4": lambda weight: nn.init.xavier_uniform_(weight, gain=4),
    "lecun-uniform": lambda weight: nn.init.kaiming_uniform_(weight, nonlinearity="linear"),
    "lecun-normal": lambda weight: nn.init.kaiming_normal_(weight, nonlinearity="linear"),
}

cases = []
for name, function in FUNCTIONS.items():
    for layer, shape in SHAPES.items():
        torch.manual_seed(0)
        weight = torch.empty(shape)
        function(weight)
        cases.append(
            {
                "name": name,
                "shape": list(shape),
                "sha256": sha256([weight]),
                "first": decimal(weight.flatten()[:5].tolist()),
                "deviation": float(weight.double().std(unbiased=False)),
            }
        )
(FOLDER / "initialisations.json").write_text(json.dumps({"made_by": made_by(), "cases": cases}, indent=1) + "\n")
print(f"{len(cases)} cases")
