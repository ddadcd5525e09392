"""Reads [{text, after, count}] from standard input; writes for each the instants that croniter gives, in seconds UTC,
or its error."""

import json
import sys

from croniter import croniter


def answer(ask):
    try:
        iterator = croniter(ask["text"], ask["after"], ret_type=float)
        return [int(iterator.get_next()) for _ in range(ask["count"])]
    except Exception as error:  # Whatever it raises is an answer too.
        return f"{type(error).__name__}: {error}"


json.dump([answer(ask) for ask in json.load(sys.stdin)], sys.stdout)
