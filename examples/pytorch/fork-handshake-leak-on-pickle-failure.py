"""A call's first argument is a reference, and its second cannot be pickled: nothing is sent. Is nothing left?"""

import gc
import time

import torch
import torch.distributed.rpc as rpc
from workers import attempt, main, rref_tables, say


class Unwritable:
    def __reduce__(self):
        raise RuntimeError("this cannot be pickled")


def make():
    return torch.ones(2)


def ignore(reference, value):
    return 1


def run(name):
    if name != "worker0":
        return
    reference = rpc.remote("worker1", make)
    reference.to_here()
    attempt("call", lambda: rpc.rpc_sync("worker2", ignore, args=(reference, Unwritable())))
    del reference
    gc.collect()
    time.sleep(3)
    say("has dropped its reference; the owner still has", rpc.rpc_sync("worker1", rref_tables))


if __name__ == "__main__":
    main(run, names=("worker0", "worker1", "worker2"))
