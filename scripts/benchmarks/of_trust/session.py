"""An interview on a sound card of its own that something happens to, and what is left of its session afterwards."""
import json, os, shutil, signal, subprocess, time
from pathlib import Path
from common import VIVA, SoundCard, home, seconds_of

QUESTIONS = ["psc-unhappy-patient", "psc-extra-step"]
LONGEST = 180


class Trouble:
    """`viva practice` on two questions; `by` are arguments of a program that starts it."""

    def __init__(self, answer, by=(), more=(), before=None):
        self.folder, self.environment = home()
        self.card = SoundCard().__enter__()
        self.answer, self.by, self.more = answer, list(by), list(more)
        if before:
            before(self)
        self.start()

    def start(self):
        self.events = self.folder / "events.jsonl"
        asked = [part for question in QUESTIONS for part in ("--question", question)]
        command = [*self.by, VIVA, "practice", "--model", "demo", "--demonstration", "--no-follow-ups", "--voice", "none", "--events", self.events, *asked, *self.more]
        environment = {**self.environment, "XDG_RUNTIME_DIR": self.card.folder, "ALSA_CONFIG_PATH": "/dev/null"}
        self.talk = open(self.folder / "talk.txt", "w+")
        self.child = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=self.talk, stderr=self.talk, cwd=self.folder)
        self.heard = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.child.poll() is None:
            self.child.kill()
        self.child.wait()
        self.card.__exit__()
        self.talk.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def lines(self):
        return [json.loads(line) for line in self.events.read_text().split("\n")[:-1]] if self.events.exists() else []

    def wait_for(self, *names, until=lambda event: True):
        begun = time.monotonic()
        while True:
            for i, event in enumerate(self.lines()[self.heard:], self.heard):
                if event["event"] in names and until(event):
                    self.heard = i + 1
                    return event
            if self.child.poll() is not None or time.monotonic() - begun > LONGEST:
                raise RuntimeError(f"no {names} in {self.folder}: {self.said()[-400:]}")
            time.sleep(0.005)

    def recorded(self, milliseconds):
        return self.wait_for("level", until=lambda event: event["elapsed"] >= milliseconds)

    def say(self):
        """Begins to speak into the microphone."""
        return subprocess.Popen(["paplay", "--device=vmic", self.answer], env={**os.environ, "XDG_RUNTIME_DIR": self.card.folder}, stderr=subprocess.DEVNULL)

    def press(self, key=""):
        self.child.stdin.write(f"{key}\n".encode())
        self.child.stdin.flush()

    def signal(self, what):
        self.child.send_signal(getattr(signal, f"SIG{what}"))

    def engine(self):
        found = subprocess.run(["pgrep", "-P", str(self.child.pid)], capture_output=True, text=True).stdout.split()
        return [int(process) for process in found if b"engine" in command_of(process)]

    def end(self, key=None):
        if key is not None:
            self.press(key)
        return self.child.wait(LONGEST)

    def said(self):
        self.talk.flush()
        return (self.folder / "talk.txt").read_text()

    def viva(self, *arguments):
        return subprocess.run([VIVA, *arguments], env=self.environment, capture_output=True, text=True)

    def sounds(self):
        return sorted((self.folder / "sessions").glob("*/*/take-?.wav"))

    def loses_nothing(self, takes=1):
        """Recovers what is unfinished; whether as many takes have their report as there were, and the session opens."""
        recovered = self.viva("sessions", "recover")
        shown = self.viva("sessions", "show", "last", "--json")
        if recovered.returncode or shown.returncode:
            return False
        answers = json.loads(shown.stdout)["answers"]
        return len(answers) == takes and all(answer.get("report") for answer in answers) and all(seconds_of(sound) >= 0 for sound in self.sounds())


def command_of(process):
    """How a process was started; nothing where it has just ended."""
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return b""


def side_by_side(jobs, workers=3):
    """Runs functions, a few at a time; their results in order."""
    from concurrent.futures import ThreadPoolExecutor
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(lambda job: job(), jobs))
