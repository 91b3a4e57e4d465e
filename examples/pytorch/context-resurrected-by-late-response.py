"""Autograd contexts that are left while their calls are under way: how many are left of them?"""

import time

import torch
import torch.distributed.autograd as dist_autograd
import torch.distributed.rpc as rpc
from workers import contexts, main, say


def double(tensor):
    return tensor * 2


def run(name):
    if name != "worker0":
        return
    tensor = torch.rand(3, 3, requires_grad=True)
    futures = []
    for _ in range(400):
        with dist_autograd.context():
            futures.append(rpc.rpc_async("worker1", double, args=(tensor,)))
    failed = 0
    for future in futures:
        try:
            future.wait()
        except Exception:
            failed += 1
    time.sleep(2)
    say(f"400 contexts were left, and {failed} calls failed")
    say(f"contexts that are left here: {contexts()}")
    say(f"contexts that are left at worker1: {rpc.rpc_sync('worker1', contexts)}")


if __name__ == "__main__":
    main(run)
