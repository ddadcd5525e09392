#!/usr/bin/env python3
"""Writes a CSV file with the turnover of the day before, by country.

REPORT_URL is a service that gives the orders of a day in pages, REPORT_DIRECTORY takes the file.
Exit status 75: the service is not there now, so that it is worth another attempt.
"""

import contextlib
import csv
import json
import os
import signal
import sys
from collections import Counter
from datetime import datetime, timedelta, timezone
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import urlopen


@contextlib.contextmanager
def events():
    """Gives a function that tells cronwright what the task is doing. Without cronwright it does nothing."""
    descriptor = open_events()

    def tell(**event):
        # Where cronwright is gone meanwhile, the report is wanted all the same.
        with contextlib.suppress(OSError):
            if descriptor is not None:
                os.write(descriptor, json.dumps(event).encode() + b"\n")

    try:
        yield tell
    except Exception as error:
        tell(level="error", message=f"{type(error).__name__}: {error}")
        raise
    finally:
        if descriptor is not None:
            os.close(descriptor)


def open_events():
    try:
        # Without O_NONBLOCK it would wait for a reader, for ever if cronwright was killed.
        flags = os.O_WRONLY | os.O_APPEND | os.O_NONBLOCK
        descriptor = os.open(os.environ["CRONWRIGHT_EVENTS"], flags)
    except (KeyError, OSError):
        return None
    os.set_blocking(descriptor, True)
    return descriptor


def reported_day():
    """The day before the scheduled time, so that an attempt made after midnight reports the same day."""
    slot = os.environ.get("CRONWRIGHT_SLOT")
    moment = datetime.fromisoformat(slot.replace("Z", "+00:00")) if slot else datetime.now(timezone.utc)
    return moment.astimezone().date() - timedelta(days=1)


def turnover(day, tell):
    """Cents by country."""
    cents, number, pages = Counter(), 0, 1
    while number < pages:
        number += 1
        query = urlencode({"day": day, "page": number})
        with urlopen(f"{os.environ['REPORT_URL']}?{query}", timeout=30) as answer:
            page = json.load(answer)
        pages = page["pages"]
        for order in page["orders"]:
            cents[order["country"]] += order["cents"]
        tell(progress=number / pages)
    return cents


def write(path, cents):
    """Writes the whole file or none, over that of an earlier attempt."""
    part = f"{path}.part"
    try:
        with open(part, "w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([("country", "cents"), *sorted(cents.items())])
        os.replace(part, path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.remove(part)


def is_transient(error):
    """Whether it may go well later: no connection, a server overloaded or in trouble; not a wrong address."""
    return not isinstance(error, HTTPError) or error.code == 429 or error.code >= 500


def main():
    # At its timeout a task gets TERM. As an exception it passes through each `finally`.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    day = reported_day()
    path = os.path.join(os.environ["REPORT_DIRECTORY"], f"turnover-{day}.csv")
    with events() as tell:
        try:
            cents = turnover(day, tell)
        except OSError as error:
            if not is_transient(error):
                raise
            tell(level="warning", message=f"the orders cannot be had now: {error}")
            print(error, file=sys.stderr)
            return os.EX_TEMPFAIL
        write(path, cents)
        tell(result={"file": path, "countries": len(cents)})
    return 0


if __name__ == "__main__":
    sys.exit(main())
