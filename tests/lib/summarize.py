"""Counts the single tests in meson's logs (testlog.json), names what failed or was skipped and the
slowest programs. Its last line is "N passed, N failed, N skipped"; exits with 1 if something failed."""

import json
import re
import sys

RESULT = re.compile(r"^(not )?ok\b(?: +\d+)?(?: +-)? *(.*)$")
GOOD = ("OK", "EXPECTEDFAIL")
SLOWEST = 10


def read_programs(paths):
    for path in paths:
        with open(path, encoding="utf-8") as log:
            for line in log:
                yield json.loads(line)


def count_program(program, counts):
    """One count for each test of a program; one failure more for a program that ended badly
    without naming a test: it crashed, hung, or was no TAP."""
    failed_before = len(counts["failed"])
    for line in (program.get("stdout") or "").splitlines():
        match = RESULT.match(line)
        if not match:
            continue
        name = f"{program['name']}: {match[2]}"
        if match[1]:
            counts["failed"].append(name)
        elif "# SKIP" in match[2].upper():
            counts["skipped"].append(name)
        else:
            counts["passed"].append(name)
    if program["result"] == "SKIP":
        counts["skipped"].append(program["name"])
    elif program["result"] not in GOOD and len(counts["failed"]) == failed_before:
        counts["failed"].append(f"{program['name']}: {program['result']}")


def main():
    counts = {"passed": [], "failed": [], "skipped": []}
    programs = list(read_programs(sys.argv[1:]))
    for program in programs:
        count_program(program, counts)
    if not programs:
        counts["failed"].append("no test was run")

    print("\nThe slowest programs:")
    timed = [program for program in programs if "duration" in program]
    for program in sorted(timed, key=lambda p: -p["duration"])[:SLOWEST]:
        print(f"  {program['duration']:7.1f} s  {program['name']}")
    for word in ("skipped", "failed"):
        for name in counts[word]:
            print(f"{word}: {name}")
    print(", ".join(f"{len(names)} {word}" for word, names in counts.items()))
    return 1 if counts["failed"] else 0


sys.exit(main())
