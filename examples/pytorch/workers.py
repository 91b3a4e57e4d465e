"""Workers of torch.distributed.rpc in processes of their own, all of which end at a deadline."""

import os
import socket
import sys
import time

import torch
import torch.distributed.autograd as dist_autograd
import torch.distributed.rpc as rpc
import torch.multiprocessing as mp
from torch._C._distributed_rpc import _rref_context_get_debug_info


def say(*words):
    print(f"{rpc.get_worker_info().name}:", *words, flush=True)


def first_line(error):
    return str(error).strip().splitlines()[0][:110]


def attempt(what, function):
    """Says what came of it, and after how many seconds."""
    began = time.monotonic()
    try:
        came = function()
    except Exception as error:
        came = f"{type(error).__name__}: {first_line(error)}"
    say(f"{what}: {came} (after {time.monotonic() - began:.1f} s)")


def rref_tables():
    info = _rref_context_get_debug_info()
    return {key: int(info[key]) for key in ("num_owner_rrefs", "num_forks", "num_pending_users")}


def contexts():
    return int(dist_autograd._get_debug_info()["num_autograd_contexts"])


def init(rank, names, threads, delays):
    """Messages of the types in `delays` start so many seconds late, by PyTorch's own agent for tests."""
    if delays:
        # To import it registers its backend.
        from torch.distributed.rpc._testing import FaultyTensorPipeRpcBackendOptions as Options
        from torch.distributed.rpc.backend_registry import BackendType

        backend = {"backend": BackendType.FAULTY_TENSORPIPE}
        options = Options(
            num_worker_threads=threads,
            rpc_timeout=60,
            init_method="env://",
            messages_to_fail=[],
            messages_to_delay=delays,
            num_fail_sends=0,
        )
    else:
        backend = {}
        options = rpc.TensorPipeRpcBackendOptions(_transports=["uv"], num_worker_threads=threads)
    rpc.init_rpc(
        names[rank], rank=rank, world_size=len(names), rpc_backend_options=options, **backend
    )


def work(rank, names, port, threads, delays, run, ends):
    os.environ["MASTER_ADDR"] = "localhost"
    os.environ["MASTER_PORT"] = str(port)
    init(rank, names, threads, delays)
    run(names[rank])
    ends[rank].set()
    for end in ends:
        end.wait()
    # A graceful shutdown would wait for what has leaked.
    os._exit(0)


def main(run, names=("worker0", "worker1"), threads=4, delays=None, seconds=30):
    """Runs `run(name)` on each worker; whoever is not through after so many seconds is killed."""
    print(f"PyTorch {torch.__version__}", flush=True)
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        port = probe.getsockname()[1]
    context = mp.get_context("spawn")
    ends = [context.Event() for _ in names]
    workers = [
        context.Process(target=work, args=(rank, names, port, threads, delays, run, ends), daemon=True)
        for rank in range(len(names))
    ]
    for worker in workers:
        worker.start()
    deadline = time.monotonic() + seconds
    for worker in workers:
        worker.join(max(0.0, deadline - time.monotonic()))
    hung = [name for name, worker in zip(names, workers) if worker.is_alive()]
    for worker in workers:
        worker.kill()
    if hung:
        print(f"killed after {seconds} s: {', '.join(hung)}", flush=True)
        sys.exit(1)
