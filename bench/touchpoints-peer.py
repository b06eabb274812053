"""The arithmetic of the touchpoint question as a plain NumPy program: the peer of the bench `touchpoints`.

Its folder holds the columns of all interactions and sales as arrays of doubles, sorted by customer, and sizes.json.
It finds each buyer's first sale, what they met around it and whether they came back, shares R2 out among touchpoints
(LMG over drawn orders) and compares equals, both with intervals from 200 draws of 256 blocks of buyers.
It does not take the chance out of activity, which the question does.
"""

import json
import sys
import time

import numpy as np

folder = sys.argv[1]
began = time.perf_counter()
sizes = json.load(open(folder + "/sizes.json"))
read = lambda name: np.fromfile(f"{folder}/{name}.f64")
DAY = 86_400_000_000.0
rng = np.random.default_rng(1)

# First sales, and who came back between the landmark and the end.
seller, sold, minor = read("sales.customer_id"), read("sales.happened"), read("sales.minor")
order = np.lexsort((sold, seller))
seller, sold, minor = seller[order], sold[order], minor[order]
first = np.r_[True, seller[1:] != seller[:-1]]
buyers, first_at, paid = seller[first], sold[first], minor[first]
of_sale = np.cumsum(first) - 1
after = sold - first_at[of_sale]
late = (after > sizes["landmark"] * DAY) & (after <= (sizes["landmark"] + sizes["horizon"]) * DAY)
back = np.bincount(of_sale, late, len(buyers)) > 0
followed = first_at + (sizes["landmark"] + sizes["horizon"]) * DAY <= sizes["asOf"]

# What each of them met.
who, where, at = read("steps.customer_id"), read("steps.touchpoint_id"), read("steps.happened")
felt, side = read("steps.felt"), read("steps.side")
buyer = np.searchsorted(buyers, who)
buyer[buyer == len(buyers)] = 0
gap = at - first_at[buyer]
inside = (buyers[buyer] == who) & followed[buyer] & (gap >= -sizes["lookback"] * DAY)
inside &= (gap <= sizes["landmark"] * DAY) & ((side == 2) | (gap <= DAY)) & ~np.isnan(where)
buyer, where, felt, gap = buyer[inside], where[inside].astype(np.int64), felt[inside], gap[inside]
rank = np.cumsum(followed) - 1
n = int(followed.sum())
shuffled = rng.permutation(n)
buyer = shuffled[rank[buyer]]
outcome = np.empty(n)
outcome[shuffled] = back[followed]
kinds = sizes["touchpoints"]
cell = buyer * (kinds + 1) + where
answered = ~np.isnan(felt)
met = np.bincount(cell, minlength=n * (kinds + 1)).reshape(n, -1)[:, 1:]
told = np.bincount(cell[answered], minlength=n * (kinds + 1)).reshape(n, -1)[:, 1:]
sums = np.bincount(cell[answered], felt[answered], n * (kinds + 1)).reshape(n, -1)[:, 1:]
mean = np.divide(sums, told, out=np.zeros_like(sums), where=told > 0)
months = (first_at[followed] / DAY // 30).astype(np.int64)
months -= months.min()
steps_before = np.bincount(buyer[gap < 0], minlength=n)
paid_here = np.empty(n)
month_here = np.empty(n, np.int64)
paid = np.where(np.isnan(paid), np.nanmean(paid), paid)
paid_here[shuffled], month_here[shuffled] = np.log1p(paid[followed] / 100), months

# Columns: controls, then met, bad and good of each touchpoint that enough have.
parts = [paid_here[:, None], np.sqrt(steps_before)[:, None]]
parts.append((month_here[:, None] == np.unique(month_here)[1:]).astype(float))
controls = sum(part.shape[1] for part in parts)
groups, width = [], controls
for kind in range(kinds):
    own = []
    for column in (met[:, kind] > 0, mean[:, kind] < -10, mean[:, kind] > 10):
        count = column.sum()
        if min(count, n - count) >= 30:
            parts.append(column[:, None].astype(float))
            own.append(width)
            width += 1
    if own:
        groups.append(own)
x = np.concatenate([*parts, outcome[:, None]], axis=1)
x -= x.mean(axis=0)
prepared = time.perf_counter()

# Sums of products by block, and of 200 draws of blocks.
blocks = 256
edges = np.linspace(0, n, blocks + 1).astype(int)
products = np.stack([x[a:b].T @ x[a:b] for a, b in zip(edges, edges[1:])])
draws = 200
counts = rng.multinomial(blocks, np.full(blocks, 1 / blocks), draws).astype(float)
whole = products.sum(axis=0)
drawn = (counts @ products.reshape(blocks, -1)).reshape(draws, *whole.shape)


def shares(matrix, orders):
    """LMG: what each group adds to R2 when it enters, on average over the orders."""
    result = np.zeros(len(groups))
    for turn in orders:
        columns = [*range(controls), *(c for g in turn for c in groups[g]), width]
        lower = np.linalg.cholesky(matrix[np.ix_(columns, columns)])
        adds = lower[-1, controls:-1] ** 2 / matrix[width, width]
        at = 0
        for g in turn:
            result[g] += adds[at : at + len(groups[g])].sum()
            at += len(groups[g])
    return result / len(orders)


def turned(rounds, pairs):
    orders = []
    for _ in range(rounds):
        start = rng.permutation(len(groups))
        for pair in range(pairs):
            order = np.roll(start, -round(pair * len(groups) / pairs))
            orders += [order, order[::-1]]
    return orders


importance = shares(whole, turned(5, 8))
few = turned(1, 4)
wrong = shares(whole, few) - importance
moved = np.stack([shares(each, few) for each in drawn]) - wrong
interval = np.percentile(moved, [2.5, 97.5], axis=0)
shared = time.perf_counter()

# Between equals: each touchpoint's columns beside the controls and what lies before it on the map.
columns = list(range(controls))
differences = []
for own in groups:
    columns += own
    normal = whole[np.ix_(columns, columns)]
    slopes = np.linalg.solve(normal, whole[columns, width])
    direction = np.zeros(len(columns))
    direction[-len(own)] = 1
    along = np.linalg.solve(normal, direction)
    away = drawn[:, columns, width] - drawn[:, :, columns][:, columns] @ slopes
    differences.append((slopes[-len(own)], 1.96 * (away @ along).std()))
ended = time.perf_counter()
print(json.dumps({
    "whole": ended - began,
    "prepare": prepared - began,
    "share": shared - prepared,
    "compare": ended - shared,
    "customers": n,
    "columns": width,
    "first": [int(np.argmax(importance)) + 1, *interval[:, np.argmax(importance)].tolist()],
}))
