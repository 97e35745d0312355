"""Prints what ran as a line of meson's testlog.json: log-entry.py NAME STATUS SECONDS TAP-FILE"""

import json
import sys

name, status, seconds, path = sys.argv[1:]
with open(path, encoding="utf-8") as file:
    print(json.dumps({"name": name, "result": "OK" if status == "0" else "FAIL",
                      "duration": float(seconds), "stdout": file.read()}))
