"""Reads an iCalendar file from standard input as calendar programs do, and prints its events as JSON."""

import json
import sys

from icalendar import Calendar


def texts(value):
    if value is None:
        return []
    return [str(one) for one in value.cats]


calendar = Calendar.from_ical(sys.stdin.buffer.read())
events = [
    {
        "uid": str(event["UID"]),
        "start": event["DTSTART"].dt.isoformat(),
        "stamp": event["DTSTAMP"].dt.isoformat(),
        "summary": str(event["SUMMARY"]),
        "description": str(event.get("DESCRIPTION", "")),
        "categories": texts(event.get("CATEGORIES")),
    }
    for event in calendar.walk("VEVENT")
]
json.dump({"version": str(calendar["VERSION"]), "events": events}, sys.stdout)
