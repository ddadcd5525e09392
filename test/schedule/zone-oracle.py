"""Judges a zone's changes by Python's zoneinfo, an independent reader of the same data.

Standard input holds lines of JSON: {name, spans: [[start, end, offset]], samples: [[at, offset]]}, times in seconds
since 1970, offsets in seconds. Each disagreement is a line of standard output.
"""

import json
import sys
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def main():
    for line in sys.stdin:
        case = json.loads(line)
        zone = ZoneInfo(case["name"])
        moments = list(case["samples"])
        for start, end, offset in case["spans"]:
            # Both ends, and each fortnight between them.
            moments += [[at, offset] for at in range(start, end, 14 * 86400)] + [[end - 1, offset]]
        for at, offset in moments:
            found = (EPOCH + timedelta(seconds=at)).astimezone(zone).utcoffset().total_seconds()
            if found != offset:
                print(f"{case['name']} at {at}: {offset}, expected {found:.0f}")


main()
