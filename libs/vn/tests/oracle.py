"""Counts due times naively, minute by minute and day by day.

Usage: oracle.py CALENDAR.json < cases.jsonl > answers.jsonl

It knows the calendar file and the recorded acts of each case, nothing else,
and shares no code with the crate it checks. A case is one JSON object:
{"limit": {"amount", "unit"}, "factor": [n, d], "per_day", "cut_off", "regime",
 "acts": [{"act", "at", "why", "until"}]} with times in UTC; the answer is
["legal", "promised"] as local minutes `YYYY-MM-DD HH:MM`.
"""

import json
import sys
from datetime import date, datetime, timedelta

WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]


class Calendar:
    def __init__(self, data):
        self.week = {}
        for hours in data["office_hours"]:
            self.week[WEEKDAYS.index(hours["weekday"])] = self.minutes_of(hours["spans"])
        usual = self.week[min(self.week)]
        self.off = {day["date"] for day in data["days_off"]}
        self.make_up = {
            day["date"]: self.minutes_of(day.get("spans", [])) or usual
            for day in data["make_up_days"]
        }

    @staticmethod
    def minutes_of(spans):
        minutes = []
        for span in spans:
            opens, closes = (int(t[:2]) * 60 + int(t[3:]) for t in span.split("-"))
            minutes += range(opens, closes)
        return minutes

    def office_minutes(self, day):
        """Every minute of the day at which the office is open, in order."""
        text = day.isoformat()
        if text in self.make_up:
            return self.make_up[text]
        if text in self.off:
            return []
        return self.week.get(day.weekday(), [])


def local_minute(text):
    """A UTC instant as (local day, minute of the day); seconds are dropped."""
    at = datetime.fromisoformat(text.replace("Z", "+00:00")).replace(tzinfo=None)
    at += timedelta(hours=7)
    return at.date(), at.hour * 60 + at.minute


def effective(calendar, moment):
    """The office minute at or after a moment."""
    day, minute = moment
    while True:
        for office in calendar.office_minutes(day):
            if office >= minute:
                return day, office
        day, minute = day + timedelta(days=1), 0


def days_in_months(day, months):
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    for number in range(day.day, 0, -1):
        try:
            return (date(year, month, number) - day).days
        except ValueError:
            continue


def office_minutes_between(calendar, first, last):
    total, day = 0, first[0]
    while day <= last[0]:
        total += sum(1 for m in calendar.office_minutes(day) if first <= (day, m) < last)
        day += timedelta(days=1)
    return total


class Count:
    """One of the two due times, simulated."""

    def __init__(self, calendar, case, factor, extensions):
        self.calendar, self.case = calendar, case
        self.factor, self.extensions = factor, extensions
        self.due = None
        self.awaited = set()
        self.started = False
        self.anew = False

    def shortened(self, amount):
        n, d = self.factor
        return -(-amount * n // d)

    def begin(self, moment):
        """The whole limit, from an office minute."""
        unit, amount = self.case["limit"]["unit"], self.case["limit"]["amount"]
        self.due, self.appointment = None, None
        self.left_minutes = self.left_days = self.not_before = None
        if unit == "working_days":
            self.left_minutes = self.shortened(amount * self.case["per_day"])
        elif unit == "working_hours":
            self.left_minutes = self.shortened(amount * 60)
        elif unit == "calendar_days":
            self.left_days = self.shortened(amount)
        elif unit == "months":
            self.left_days = self.shortened(days_in_months(moment[0], amount))
        else:
            self.left_days = 0
            self.not_before = self.same_day(moment)

    def same_day(self, moment):
        day, minute = moment
        return day if minute <= self.case["cut_off"] else day + timedelta(days=1)

    def act(self, act, moment):
        kind = act["act"]
        if kind == "started":
            self.started = True
            self.begin(moment)
        elif kind == "paused":
            self.awaited.add(act["why"])
        elif kind == "resumed":
            self.awaited.discard(act["why"])
            if act["why"] == "supplement" and self.case["regime"] == "restart":
                self.anew = True
            if not self.awaited:
                if self.anew:
                    self.begin(moment)
                elif self.due is None and self.not_before is not None:
                    self.not_before = self.same_day(moment)
                self.anew = False
        elif kind == "extended" and self.extensions:
            until = local_minute(act["until"])
            self.left_minutes = office_minutes_between(self.calendar, moment, until)
            self.left_days = self.not_before = None
            self.due, self.appointment = None, until

    def running(self):
        return self.started and not self.awaited and self.due is None

    def run(self):
        acts = [(effective(self.calendar, local_minute(a["at"])), a) for a in self.case["acts"]]
        day = acts[0][0][0]
        while True:
            # A calendar day counts if the clock ran when it began.
            if self.running() and self.left_days:
                self.left_days -= 1
            for minute in self.calendar.office_minutes(day):
                while acts and acts[0][0] <= (day, minute):
                    moment, act = acts.pop(0)
                    if act["act"] == "paused" and not self.awaited and self.left_minutes is not None:
                        self.appointment = self.appointment if self.due else None
                    self.act(act, moment)
                if self.running() and self.left_minutes is not None:
                    self.left_minutes -= 1
                    if self.left_minutes == 0:
                        self.due = self.appointment or (day, minute + 1)
            office = self.calendar.office_minutes(day)
            if office and self.running() and self.left_days == 0:
                if self.not_before is None or day >= self.not_before:
                    self.due = (day, office[-1] + 1)
            if self.due is not None and not acts:
                return self.due
            day += timedelta(days=1)


def text(moment):
    day, minute = moment
    return f"{day.isoformat()} {minute // 60:02}:{minute % 60:02}"


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        calendar = Calendar(json.load(file))
    for line in sys.stdin:
        case = json.loads(line)
        legal = Count(calendar, case, (1, 1), False).run()
        promised = Count(calendar, case, tuple(case["factor"]), True).run()
        print(json.dumps([text(legal), text(promised)]))


main()
