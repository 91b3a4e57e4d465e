"""A worker creates a value on itself, and the call times out while its function runs."""

import time

import torch
import torch.distributed.rpc as rpc
from workers import attempt, main


def slow():
    time.sleep(1)
    return torch.ones(2)


def run(name):
    reference = rpc.remote(name, slow, timeout=0.2)
    time.sleep(2)
    attempt("to_here", lambda: reference.to_here(timeout=2))


if __name__ == "__main__":
    main(run, names=("worker0",))
