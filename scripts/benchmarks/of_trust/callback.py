"""What the audio callback does that it may not: the tests of it."""
import subprocess
from common import PROJECT


def measure():
    ran = subprocess.run(["cargo", "test", "--locked", "--quiet", "--test", "callback"], cwd=PROJECT, capture_output=True, text=True)
    found = 0 if ran.returncode == 0 and "3 passed" in ran.stdout else 1
    print(f"\nAudio callback, all eleven sample formats, allocations and system calls: {'none' if not found else ran.stdout + ran.stderr}")
    return [("callback-allocations-and-system-calls", found, "found", 0)]
