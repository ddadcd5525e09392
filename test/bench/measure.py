"""Measures programs: takes a plan as JSON on standard input and answers in JSON.

Node.js cannot ask what a child used; wait4(2) tells it of each child and of all that the child waited for.

In:  {"warmup": n, "subjects": [{"name", "env", "before": argv or null, "over": seconds, "samples": [[argv, ...], ...]}]}
Out: {name: [{"cpu": seconds, "peak": bytes, "wall": seconds}, ...]}

A sample is one or more programs, started evenly over `over` seconds and waited for together. The subjects take turns,
so that a busy moment of the machine falls on all of them. The first `warmup` samples of each are not reported.
A peak is never below that of this program, about 11 MB: a child has its parent's pages until it calls exec.
"""

import json
import os
import subprocess
import sys
import tempfile
import time

# Linux counts ru_maxrss in KiB, macOS in bytes.
peak_unit = 1 if sys.platform == "darwin" else 1024


def start(argv, env, errors):
    return subprocess.Popen(argv, env=env, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors)


def start_all(subject, argvs, errors):
    begin = time.monotonic()
    for index, argv in enumerate(argvs):
        wait = begin + subject["over"] * index / len(argvs) - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        yield start(argv, subject["env"], errors)


def finish(process, argv, errors):
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        errors.seek(0)
        sys.exit(f"{' '.join(argv)[:200]} ended with {process.returncode}: {errors.read()[:2000]}")
    return usage


def sample(subject, argvs):
    if subject["before"]:
        subprocess.run(subject["before"], check=True)
    with tempfile.TemporaryFile("w+") as errors:
        begin = time.monotonic()
        processes = list(start_all(subject, argvs, errors))
        usages = [finish(process, argv, errors) for process, argv in zip(processes, argvs)]
        wall = time.monotonic() - begin
    cpu = sum(usage.ru_utime + usage.ru_stime for usage in usages)
    return {"cpu": cpu, "peak": max(usage.ru_maxrss for usage in usages) * peak_unit, "wall": wall}


def main():
    plan = json.load(sys.stdin)
    results = {subject["name"]: [] for subject in plan["subjects"]}
    for turn in range(max(len(subject["samples"]) for subject in plan["subjects"])):
        for subject in plan["subjects"]:
            if turn < len(subject["samples"]):
                measured = sample(subject, subject["samples"][turn])
                if turn >= plan["warmup"]:
                    results[subject["name"]].append(measured)
    json.dump(results, sys.stdout)


main()
