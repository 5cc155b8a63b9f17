#!/usr/bin/env python3
"""Prints the licences of everything in the binary, word for word, as most of them demand: notices.py TARGET.

Takes them from the sources that cargo has fetched. A crate without a licence file is named with its licence and where its source is.
"""

import json
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

NAMES = ("licen[cs]e*", "copying*", "notice*", "unlicense*", "copyright*")


def said(*command: str) -> str:
    return subprocess.run(["cargo", *command], check=True, capture_output=True, text=True).stdout


def texts(crate: Path) -> list[str]:
    """The licences of a crate, and of what it carries within it."""
    files = [f for f in crate.rglob("*") if f.is_file() and any(fnmatch(f.name.lower(), name) for name in NAMES)]
    return sorted(f.read_text(errors="replace").strip() for f in files if f.suffix.lower() in ("", ".txt", ".md", ".mit", ".apache"))


def main() -> None:
    target = sys.argv[1]
    packages = {(p["name"], p["version"]): p for p in json.loads(said("metadata", "--locked", "--format-version", "1"))["packages"]}
    tree = said("tree", "--locked", "--edges", "normal,build", "--target", target, "--prefix", "none", "--format", "{p}").split("\n")
    used = sorted({tuple(line.split()[:2]) for line in tree if line.strip()})
    print("Viva Voce is made with what others wrote. Their names, licences and sources follow; then each licence, once, word for word.\n")
    kept: dict[str, list[str]] = {}
    for name, version in used:
        package = packages[name, version.removeprefix("v")]
        if package["source"] is None:
            continue
        print(f"{name} {package['version']}: {package['license']}; https://crates.io/crates/{name}/{package['version']}")
        for text in texts(Path(package["manifest_path"]).parent):
            kept.setdefault(text, []).append(name)
    for text, names in sorted(kept.items(), key=lambda item: item[1]):
        print("\n" + "-" * 80 + f"\nOf {', '.join(sorted(set(names)))}:\n\n{text}")


if __name__ == "__main__":
    main()
