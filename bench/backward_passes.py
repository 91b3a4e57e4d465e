"""How long PyTorch takes for one pass of the program of `backward-passes.ts`, in seconds, one line."""
import os
import sys
import time

import torch
import torch.distributed.autograd as dist_autograd
import torch.distributed.rpc as rpc
import torch.multiprocessing as mp

PASSES, WARM_UPS = int(sys.argv[1]), 20


def one_pass():
    weight = torch.tensor([1.0, 2.0, 3.0, 4.0], requires_grad=True)
    with dist_autograd.context() as context:
        first = rpc.rpc_sync("worker1", torch.mul, args=(weight, weight))
        second = rpc.rpc_sync("worker2", torch.add, args=(first, weight))
        dist_autograd.backward(context, [second.sum()])
        return dist_autograd.get_gradients(context)[weight]


def main(rank):
    os.environ["MASTER_ADDR"], os.environ["MASTER_PORT"] = "127.0.0.1", sys.argv[2]
    torch.set_num_threads(1)
    options = rpc.TensorPipeRpcBackendOptions(_transports=["uv"], rpc_timeout=120)
    rpc.init_rpc(f"worker{rank}", rank=rank, world_size=3, rpc_backend_options=options)
    if rank == 0:
        for _ in range(WARM_UPS):
            one_pass()
        start = time.perf_counter()
        for _ in range(PASSES):
            one_pass()
        print((time.perf_counter() - start) / PASSES, one_pass().tolist(), flush=True)
    rpc.shutdown()


if __name__ == "__main__":
    mp.spawn(main, nprocs=3)
