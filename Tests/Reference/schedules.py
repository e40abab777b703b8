"""The factors of PyTorch's learning-rate schedules over 40 steps -> schedules.json."""

import json

import torch
from torch.optim import lr_scheduler

from reference import FOLDER, made_by

STEPS = 40
SCHEDULES = {
    "stairs": lambda optimizer: lr_scheduler.StepLR(optimizer, step_size=7, gamma=0.3),
    "cosine": lambda optimizer: lr_scheduler.CosineAnnealingLR(optimizer, T_max=STEPS),
    "one-cycle": lambda optimizer: lr_scheduler.OneCycleLR(optimizer, max_lr=1.0, total_steps=STEPS, cycle_momentum=False),
    "one-cycle-40": lambda optimizer: lr_scheduler.OneCycleLR(
        optimizer, max_lr=1.0, total_steps=STEPS, pct_start=0.4, div_factor=10, final_div_factor=100, cycle_momentum=False
    ),
    "warm-up": lambda optimizer: lr_scheduler.LinearLR(optimizer, start_factor=1 / 5, total_iters=4),
}

factors = {}
for name, schedule in SCHEDULES.items():
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    scheduler = schedule(optimizer)
    factors[name] = []
    for step in range(STEPS):
        factors[name].append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if step + 1 < STEPS:
            scheduler.step()
(FOLDER / "schedules.json").write_text(json.dumps({"made_by": made_by(), "factors": factors}, indent=1) + "\n")
print(f"{len(factors)} schedules")
