"""A creation fails at the owner, which knows so: what do those hear who hold the reference?"""

import time

import torch.distributed.rpc as rpc
from workers import attempt, main, say


def cannot_be_read():
    if rpc.get_worker_info().name == "worker1":
        raise RuntimeError("this cannot be read here")


class Unreadable:
    def __reduce__(self):
        return (cannot_be_read, ())


def ignore(_):
    return 1


def fetch(reference):
    attempt("to_here of who was given the reference", lambda: reference.to_here(timeout=3))


def run(name):
    if name != "worker0":
        return
    reference = rpc.remote("worker1", ignore, args=(Unreadable(),))
    time.sleep(0.5)
    rpc.rpc_sync("worker2", fetch, args=(reference,))
    attempt("to_here of who has created it", lambda: reference.to_here(timeout=3))


if __name__ == "__main__":
    main(run, names=("worker0", "worker1", "worker2"))
