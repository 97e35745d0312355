"""Fills a folder with what a Flatpak manifest downloads, out of Debian's original tarballs where they are
the same bytes: flatpak-builder's --extra-sources takes them instead of the addresses in the manifest.

    fetch-sources.py MANIFEST MIRROR FOLDER

What lies in FOLDER already is kept. What is not to be had is named: flatpak-builder then downloads it."""

import hashlib
import json
import lzma
import os
import re
import subprocess
import sys
import urllib.error
import urllib.request

# Below the mirror, and below the one for security beside it.
INDEXES = (("", "trixie"), ("", "sid"), ("-security", "trixie-security"))


def read_wanted(manifest, folder):
    """Names by their sums. flatpak-builder leaves a folder of its own where it runs."""
    os.makedirs(folder, exist_ok=True)
    text = subprocess.run(["flatpak-builder", "--show-manifest", os.path.abspath(manifest)], cwd=folder,
                          check=True, stdout=subprocess.PIPE).stdout
    return {source["sha256"]: os.path.basename(source["url"])
            for module in json.loads(text)["modules"] if isinstance(module, dict)
            for source in module.get("sources", []) if "sha256" in source}


def find_in(index, sum_):
    """Where the file with this sum lies, below the mirror; None if it does not."""
    line = re.search(rf"^ {sum_} \d+ (\S+)$", index, re.MULTILINE)
    if line is None:
        return None
    entry = index[index.rfind("\n\n", 0, line.start()) + 1:index.find("\n\n", line.start())]
    return f"{re.search(r'^Directory: (.+)$', entry, re.MULTILINE)[1]}/{line[1]}"


def download(address):
    """Empty where the mirror lists a file and no longer holds it: another index may know another place."""
    try:
        with urllib.request.urlopen(address, timeout=120) as answer:
            return answer.read()
    except urllib.error.HTTPError as error:
        print(f"{address}: {error}", file=sys.stderr)
        return b""


def keep(data, path):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(f"{path}.new", "wb") as file:
        file.write(data)
    os.rename(f"{path}.new", path)


def main():
    manifest, mirror, folder = sys.argv[1:]
    paths = {sum_: os.path.join(folder, "downloads", sum_, name)
             for sum_, name in read_wanted(manifest, folder).items()}
    missing = {sum_ for sum_, path in paths.items() if not os.path.exists(path)}
    for part, suite in INDEXES:
        if not missing:
            break
        index = lzma.decompress(
            download(f"{mirror}{part}/dists/{suite}/main/source/Sources.xz")).decode()
        for sum_ in sorted(missing):
            place = find_in(index, sum_)
            data = download(f"{mirror}{part}/{place}") if place else b""
            if hashlib.sha256(data).hexdigest() == sum_:
                keep(data, paths[sum_])
                missing.remove(sum_)
    for sum_ in missing:
        print(f"Not among Debian's originals: {os.path.basename(paths[sum_])}", file=sys.stderr)


if __name__ == "__main__":
    main()
