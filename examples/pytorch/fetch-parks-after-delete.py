"""A fetch is slow, and the reference is deleted meanwhile: what does the fetch hear?"""

import datetime
import threading
import time

import torch
import torch.distributed.rpc as rpc
from torch._C._distributed_rpc import _delete_all_user_and_unforked_owner_rrefs
from torch.distributed.rpc import api
from workers import attempt, main, say


def make():
    return torch.ones(1)


def active_handlers():
    return api._get_current_rpc_agent().get_debug_info()["agent.server_active_calls"]


def run(name):
    if name != "worker0":
        return
    reference = rpc.remote("worker1", make)
    time.sleep(0.5)
    fetch = threading.Thread(target=attempt, args=("to_here", lambda: reference.to_here(timeout=4)))
    fetch.start()
    time.sleep(0.3)
    # What a shutdown does first.
    _delete_all_user_and_unforked_owner_rrefs(datetime.timedelta(milliseconds=500))
    fetch.join()
    say("handlers at the owner, this one among them:", rpc.rpc_sync("worker1", active_handlers))


if __name__ == "__main__":
    main(run, delays={"PYTHON_RREF_FETCH_CALL": 1.0})
