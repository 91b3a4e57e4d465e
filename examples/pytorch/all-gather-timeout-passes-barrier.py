"""A collective whose leader gives up: does it say so, and what does the late follower get?"""

import time

from torch.distributed.rpc.api import _all_gather
from workers import attempt, main


def run(name):
    if name == "worker1":
        time.sleep(3)
    attempt("all-gather of both, with a time-out of 1 s", lambda: _all_gather(name, timeout=1))


if __name__ == "__main__":
    main(run)
