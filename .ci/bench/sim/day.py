"""A plain SimPy model of the day that stint replays, for comparison: the same vehicles, trips and
rules, one process for each rider, a grid of 100 m for the search. Usage: day.py DAY.csv [ROUNDS].
Prints a line of JSON for each round: served, lost, seconds (reading the file is not counted)."""

import csv
import json
import math
import random
import sys
import time

import simpy

RADIUS, WALK, RIDE, DETOUR, HANDLING, BUCKET = 400.0, 1.33, 3.67, 1.3, 60.0, 100.0


class Town:
    """Vehicles that can be ridden, by bucket."""

    def __init__(self, vehicles):
        self.at = list(vehicles)
        self.free = {}
        self.rides = [0] * len(self.at)
        for v in range(len(self.at)):
            self.park(v, *self.at[v])
        self.served = self.lost = 0

    def park(self, v, x, y):
        self.at[v] = (x, y)
        self.free.setdefault((int(x // BUCKET), int(y // BUCKET)), set()).add(v)

    def leave(self, v):
        x, y = self.at[v]
        self.free[(int(x // BUCKET), int(y // BUCKET))].discard(v)
        self.rides[v] += 1

    def parked(self, v):
        x, y = self.at[v]
        return v in self.free.get((int(x // BUCKET), int(y // BUCKET)), ())

    def nearest(self, x, y):
        best, least = None, RADIUS
        i, j = int(x // BUCKET), int(y // BUCKET)
        reach = int(RADIUS // BUCKET) + 1
        for ring in range(reach + 1):
            if best is not None and least < (ring - 1) * BUCKET:
                break
            for a in range(i - ring, i + ring + 1):
                whole = abs(a - i) == ring
                for b in range(j - ring, j + ring + 1) if whole else (j - ring, j + ring):
                    for v in self.free.get((a, b), ()):
                        d = math.hypot(self.at[v][0] - x, self.at[v][1] - y)
                        if d < least or d == least and v < best:
                            best, least = v, d
        return best, least


def rider(env, town, x, y, to, pace):
    for _ in range(2):
        v, metres = town.nearest(x, y)
        if v is None:
            break
        rides = town.rides[v]
        yield env.timeout(metres / WALK)
        x, y = town.at[v] if rides == town.rides[v] else (x, y)
        if rides == town.rides[v] and town.parked(v):
            town.leave(v)
            town.served += 1
            ride = math.hypot(to[0] - x, to[1] - y) * DETOUR / RIDE * pace + HANDLING
            yield env.timeout(ride)
            town.park(v, *to)
            return
    town.lost += 1


def riders(env, town, trips):
    for at, x, y, to in trips:
        yield env.timeout(at - env.now)
        env.process(rider(env, town, x, y, to, 0.75 + 0.5 * random.random()))


def main():
    vehicles, trips = [], []
    with open(sys.argv[1], newline="") as f:
        for row in csv.reader(f):
            n = [float(x) for x in row[1:]]
            if row[0] == "vehicle":
                vehicles.append((n[0], n[1]))
            else:
                trips.append((n[0], n[1], n[2], (n[3], n[4])))
    for seed in range(int(sys.argv[2]) if len(sys.argv) > 2 else 1):
        random.seed(seed)
        start = time.perf_counter()
        env, town = simpy.Environment(), Town(vehicles)
        env.process(riders(env, town, trips))
        env.run()
        seconds = time.perf_counter() - start
        print(json.dumps({"served": town.served, "lost": town.lost, "seconds": seconds}))


main()
