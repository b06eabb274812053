"""Discovery as pm4py does it, on the same steps: what comes next with its waits, and the ways taken.

Called with a folder that holds steps.customer.f64, steps.at.f64 (microseconds since 1970) and steps.touchpoint.f64, in
the order of customers and time. Prints one line of JSON: the version, how many steps follow another, how many different
ways there are, and the seconds of each; making the table is not counted.
"""

import json
import sys
import time

import numpy as np
import pandas as pd
import pm4py


def column(name):
    return np.fromfile(f"{sys.argv[1]}/steps.{name}.f64")


def timed(work):
    began = time.perf_counter()
    return work(), time.perf_counter() - began


log = pd.DataFrame(
    {
        "case:concept:name": column("customer").astype(np.int64).astype(str),
        "concept:name": column("touchpoint").astype(np.int64).astype(str),
        "time:timestamp": pd.to_datetime(column("at").astype(np.int64), unit="us", utc=True),
    }
)
(graph, _, _), follows = timed(lambda: pm4py.discover_dfg(log))
_, waits = timed(lambda: pm4py.discover_performance_dfg(log))
variants, ways = timed(lambda: pm4py.get_variants(log))
print(
    json.dumps(
        {
            "version": pm4py.__version__,
            "transitions": int(sum(graph.values())),
            "ways": len(variants),
            "follows": follows,
            "waits": waits,
            "variants": ways,
        }
    )
)
