"""Three creations time out one after the other: whose reference says so?"""

import time

import torch
import torch.distributed.rpc as rpc
from workers import attempt, main


def slow():
    time.sleep(1.5)
    return torch.ones(2)


def run(name):
    if name != "worker0":
        return
    references = []
    for index in range(3):
        reference = rpc.remote("worker1", slow, timeout=0.3)
        references.append(reference)
        time.sleep(0.8)
        attempt(f"reference {index}, which has timed out, to_here", reference.to_here)


if __name__ == "__main__":
    main(run)
