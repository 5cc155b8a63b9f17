"""What the benchmarks share: a home for viva, the software sound card, an interview driven by its events, and how figures are printed."""
import json, os, re, subprocess, tempfile, time
from pathlib import Path

for name in ("PULSE_SERVER", "PULSE_SINK", "PULSE_SOURCE"):
    os.environ.pop(name, None)  # only the private sound card counts
PROJECT = Path(__file__).resolve().parents[2]
VIVA = os.path.abspath(os.environ.get("VIVA", PROJECT / "target/release/viva"))


def figure(name, value, unit, asked, better="less"):
    ok = value <= asked if better == "less" else value >= asked
    print(f"figure {name} {value:.4g} {unit} asked {asked:g} {'ok' if ok else 'short'}")


def home():
    """A throw-away home with the demo model; its path, and the environment to run viva in."""
    folder = tempfile.mkdtemp(prefix="viva-bench-")
    environment = {**os.environ, "VIVA_HOME": folder, "XDG_RUNTIME_DIR": folder, "NO_COLOR": "1"}
    subprocess.run([VIVA, "models", "pull", "demo", "--from", PROJECT / "models"], env=environment, check=True, capture_output=True)
    return Path(folder), environment


def speech(path, text, voice="en-us", speed=150):
    subprocess.run(["espeak-ng", "-v", voice, "-s", str(speed), "-w", path], input=text, text=True, check=True)
    return path


def seconds_of(path):
    return float(subprocess.run(["soxi", "-D", path], capture_output=True, text=True, check=True).stdout)


def transcript_of(path, environment):
    return json.loads(subprocess.run([VIVA, "transcribe", path, "--model", "demo", "--format", "json"], env=environment, capture_output=True, text=True, check=True).stdout)


def word_error(truth, heard):
    """Words to replace, put in and leave out, in per cent of the words that were said. Small letters, no punctuation."""
    plain = lambda text: [w for w in (re.sub(r"[^a-z0-9'-]", "", word.replace("\u2019", "'").lower()).strip("'-") for word in text.split()) if w]
    truth, heard = plain(truth), plain(heard)
    row = list(range(len(heard) + 1))
    for i, word in enumerate(truth):
        diagonal, row[0] = row[0], i + 1
        for j, other in enumerate(heard):
            best = min(diagonal + (word != other), row[j] + 1, row[j + 1] + 1)
            diagonal, row[j + 1] = row[j + 1], best
    return 100 * row[-1] / max(1, len(truth))


def peak_memory(command, environment):
    """Runs a command to its end; its largest resident memory in megabytes (1,000,000 bytes)."""
    child = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode == 0, command
    return usage.ru_maxrss * 1024 / 1e6


class SoundCard:
    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="viva-card-")
        subprocess.run([PROJECT / "scripts/sound-card", "start", self.folder], check=True)
        return self

    def __exit__(self, *_):
        subprocess.run([PROJECT / "scripts/sound-card", "stop", self.folder], check=True)

    def say(self, recording):
        subprocess.run(["paplay", "--device=vmic", recording], env={**os.environ, "XDG_RUNTIME_DIR": self.folder}, check=True)


class Interview:
    """A running `viva practice` on a sound card."""

    def __init__(self, environment, card, arguments):
        self.events = Path(environment["VIVA_HOME"]) / "events.jsonl"
        command = [VIVA, "practice", "--model", "demo", "--demonstration", "--no-follow-ups", "--events", self.events, *arguments]
        self.child = subprocess.Popen(command, env={**environment, "XDG_RUNTIME_DIR": card.folder}, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.heard = 0

    def wait_for(self, name):
        while True:
            lines = self.events.read_text().split("\n")[:-1] if self.events.exists() else []
            for i in range(self.heard, len(lines)):
                event = json.loads(lines[i])
                if event["event"] == name:
                    self.heard = i + 1
                    return event
            assert self.child.poll() is None, f"viva ended before {name}"
            time.sleep(0.005)

    def press_enter(self):
        self.child.stdin.write(b"\n")
        self.child.stdin.flush()

    def answer(self, card, recording):
        """Says the one answer of this interview and ends it; the event of its report, seconds from Enter to it, and the memory as of `end`."""
        self.wait_for("listening")
        card.say(recording)
        pressed = time.perf_counter()
        self.press_enter()
        reported = self.wait_for("reported")
        waited = time.perf_counter() - pressed
        self.wait_for("choice")
        self.press_enter()
        return reported, waited, self.end()

    def end(self):
        """Waits for the end; largest resident memory in megabytes."""
        _, status, usage = os.wait4(self.child.pid, 0)
        self.child.returncode = os.waitstatus_to_exitcode(status)
        return usage.ru_maxrss * 1024 / 1e6
