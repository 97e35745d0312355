#!/usr/bin/env python3
"""Prints what tests need built, in the words of ninja: targets.py BUILD SUITE_OR_TEST…"""
import json
import os
import subprocess
import sys

build, wanted = sys.argv[1], set(sys.argv[2:])


def ask(what):
    return json.loads(subprocess.run(["meson", "introspect", "--" + what, build], check=True,
                                     stdout=subprocess.PIPE).stdout)


def names(test):
    return {test["name"], *(suite.split(":")[-1] for suite in test["suite"])}


tests = [test for test in ask("tests") if wanted & names(test)]
missing = wanted - {name for test in tests for name in names(test)}
if missing:
    sys.exit("no such test or suite: " + " ".join(sorted(missing)))
known = {target["id"]: target["filename"][0] for target in ask("targets")}
files = {os.path.relpath(known.get(file, file), build)
         for test in tests for file in [*test["cmd"], *test["depends"]]
         if file in known or os.path.isabs(file)}
print(*sorted(file for file in files if not file.startswith("..") and file != "."))
