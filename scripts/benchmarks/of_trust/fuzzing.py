"""scripts/fuzz beside other work."""
import contextlib, os, re, subprocess
from common import PROJECT


@contextlib.contextmanager
def running(seconds):
    """Yields a function that waits for its end and gives the figures. TRUST_FUZZ_TARGETS names some of the targets; else all are run."""
    child = subprocess.Popen([PROJECT / "scripts/fuzz", str(seconds), *os.environ.get("TRUST_FUZZ_TARGETS", "").split()], cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)

    def finished():
        said, _ = child.communicate()
        print(f"\nFuzzing, {seconds} s each\n{said}", end="")
        rows = [(name, float(rss), int(crashes)) for name, rss, crashes in re.findall(r"^(\S+) .*peak-rss (\d+(?:\.\d+)?) MB crashes (\d+)", said, re.M)]
        crashed = sum(crashes for *_, crashes in rows) + (0 if rows else 1)
        largest = max((rss for _, rss, _ in rows), default=float("inf"))
        return [("fuzzing-crashes", crashed, f"in {len(rows)} targets", 0), ("fuzzing-peak-memory", largest, "MB", 1000)]

    try:
        yield finished
    finally:
        if child.poll() is None:
            child.terminate()
