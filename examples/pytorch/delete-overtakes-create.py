"""A user creates a value, gives up before it is there, and drops its reference: who deletes the value?"""

import time

import torch
import torch.distributed.rpc as rpc
from workers import main, rref_tables, say


def slow():
    time.sleep(1.5)
    return torch.ones(2)


def run(name):
    if name != "worker0":
        return
    reference = rpc.remote("worker1", slow, timeout=0.3)
    time.sleep(0.8)
    del reference
    time.sleep(0.2)
    say("has timed out and dropped its reference; the owner has", rpc.rpc_sync("worker1", rref_tables))
    time.sleep(2)
    say("the owner, once the value is there, has", rpc.rpc_sync("worker1", rref_tables))
    time.sleep(3)
    say("and still has", rpc.rpc_sync("worker1", rref_tables), "though no user is left:", rref_tables())


if __name__ == "__main__":
    main(run)
