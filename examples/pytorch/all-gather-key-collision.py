"""Round 11 of {a, b} and round 1 of {a, b1}: two collectives, and one key, "ab10"."""

import time

from torch.distributed.rpc.api import _all_gather
from workers import attempt, main


def gather(name, group, timeout):
    attempt(
        f"all-gather of {', '.join(sorted(group))}",
        lambda: dict(sorted(_all_gather(name, set(group), timeout=timeout).items())),
    )


def run(name):
    if name in ("a", "b"):
        for _ in range(10):
            _all_gather(name, {"a", "b"})
    if name == "b":
        gather(name, ("a", "b"), 8)
    if name == "a":
        time.sleep(1)
        gather(name, ("a", "b1"), 4)
    if name == "b1":
        time.sleep(2)
        gather(name, ("a", "b1"), 4)


if __name__ == "__main__":
    main(run, names=("a", "b", "b1"), threads=8)
