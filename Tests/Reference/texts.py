"""Modules as PyTorch prints them -> texts.json."""

import json

from torch import nn

from models import NETWORKS
from reference import FOLDER, made_by

FAMILY = nn.Sequential(
    nn.Conv2d(3, 4, (5, 3), stride=2, padding=(2, 1)),
    nn.LeakyReLU(0.2),
    nn.MaxPool2d((3, 2), stride=2, padding=1),
    nn.ELU(),
    nn.AvgPool2d(2, stride=1),
    nn.GELU(),
    nn.Sequential(nn.Conv2d(4, 5, 3, padding="same"), nn.Sigmoid(), nn.Tanh()),
    nn.Dropout(0.25),
    nn.Flatten(),
    nn.Linear(60, 10),
    nn.ReLU(),
    nn.LogSoftmax(dim=1),
)

texts = {name: str(network["module"]()) for name, network in NETWORKS.items()} | {"family": str(nn.Sequential(FAMILY))}
(FOLDER / "texts.json").write_text(json.dumps({"made_by": made_by(), "texts": texts}, indent=1) + "\n")
print(f"{len(texts)} texts")
