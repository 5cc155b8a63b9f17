"""A long haul: hours of answers at speed, minutes in real time through the sound card; what is lost, and what grows."""
import functools, json, operator, os, re, shutil, subprocess, threading, time
from collections import Counter
from pathlib import Path
from common import PROJECT, VIVA, SoundCard, home, seconds_of, speech
from .session import command_of

# one answer of the replay, in seconds
EACH = 180


def state(process):
    """Resident megabytes of viva and what each of its files leads to; the same of its engine."""
    def of(process):
        status = Path(f"/proc/{process}/status").read_text()
        resident = int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1000
        return resident, [leads_to(file) for file in Path(f"/proc/{process}/fd").iterdir()]

    def leads_to(file):
        try:
            return re.sub(r"\d+", "#", str(file.readlink().name))
        except OSError:
            return "closed meanwhile"

    children = subprocess.run(["pgrep", "-P", str(process)], capture_output=True, text=True).stdout.split()
    engines = [child for child in children if b"engine" in command_of(child)]
    return of(process), of(engines[0]) if engines else (0, [])


class Haul:
    """An interview of many answers; how it stands after each."""

    def __init__(self, folder, environment, arguments):
        self.events = folder / "events.jsonl"
        command = [VIVA, "practice", "--model", "demo", "--demonstration", "--no-follow-ups", "--voice", "none", "--events", self.events, *arguments]
        self.child = subprocess.Popen(command, env={**environment, "ALSA_CONFIG_PATH": "/dev/null"}, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.at, self.states, self.captures = 0, [], []

    def next(self, *names):
        while True:
            if self.events.exists():
                with open(self.events, "rb") as file:
                    file.seek(self.at)
                    for line in iter(file.readline, b""):
                        if not line.endswith(b"\n"):
                            break
                        self.at += len(line)
                        event = json.loads(line)
                        if event["event"] == "reported":
                            self.captures.append(event["capture"])
                            self.states.append(state(self.child.pid))
                        if event["event"] in names:
                            return event
            if self.child.poll() is not None:
                return None
            time.sleep(0.02)

    def follow(self):
        while self.next("nothing more"):
            pass

    def grown(self):
        """By how much viva and its engine are larger than after the first answer, and what files of viva are open that were not then: of those that
        are never given back in the second half, how many, and all that were seen at any moment, as the next answer is begun at once."""
        (first, engine), rest = self.states[0], self.states[1:]
        opened = [Counter(s[0][1]) - Counter(first[1]) for s in rest]
        kept = functools.reduce(operator.and_, opened[len(opened) // 2:])
        return max(s[0][0] for s in rest) - first[0], max(s[1][0] for s in rest) - engine[0], kept.total(), functools.reduce(operator.or_, opened)

    def lost(self):
        return sum(capture["frames_lost"] for capture in self.captures)


def measure(hours, minutes):
    folder, environment = home()
    sentence = speech(folder / "sentence.wav", (PROJECT / "scripts/demonstration/minute.txt").read_text())
    answer = folder / "answer.wav"
    subprocess.run(["sox", *[sentence] * (EACH // int(seconds_of(sentence)) + 1), answer, "trim", "0", str(EACH)], check=True)
    count = max(3, hours * 3600 // EACH)
    replay = Haul(folder, environment, [*["--question", "psc-unhappy-patient"] * count, "--limit", "3600", "--from", *[str(answer)] * count])
    # looked at when it is at each answer, not when somebody has time
    following = threading.Thread(target=replay.follow)
    following.start()
    # meanwhile in real time, an answer of two minutes after the other
    (folder / "live").mkdir()
    live_environment = {**environment, "VIVA_HOME": str(folder / "live")}
    subprocess.run([VIVA, "models", "pull", "demo", "--from", PROJECT / "models"], env=live_environment, check=True, capture_output=True)
    each, answers = 120, max(2, minutes // 2)
    with SoundCard() as card:
        environment_of_card = {**live_environment, "XDG_RUNTIME_DIR": card.folder}
        live = Haul(folder / "live", environment_of_card, [*["--question", "psc-unhappy-patient"] * answers, "--limit", str(each)])
        for _ in range(answers):
            live.next("listening")
            player = subprocess.Popen(["paplay", "--device=vmic", answer], env={**os.environ, "XDG_RUNTIME_DIR": card.folder})
            live.next("choice")
            player.kill()
            live.child.stdin.write(b"\n")
            live.child.stdin.flush()
        live.next("nothing more")
    following.join()
    whole = sum(capture["duration"] for capture in replay.captures) / 3_600_000
    print(f"\n{'':<34}{'answers':>8}{'frames lost':>13}{'viva grew':>11}{'engine grew':>13}{'files kept open':>17}  open at a moment of looking and not after the first answer")
    figures = []
    for name, title, haul in [("replayed", f"{whole:.2f} h replayed at speed", replay), ("live", f"{answers * each // 60} min through the sound card", live)]:
        grew, engine, files, seen = haul.grown()
        print(f"{title:<34}{len(haul.captures):>8}{haul.lost():>13}{grew:>8.1f} MB{engine:>10.1f} MB{files:>17}  {', '.join(f'{count} {name}' for name, count in seen.items()) or 'none'}")
        figures += [(f"haul-{name}-frames-lost", haul.lost(), "frames", 0), (f"haul-{name}-memory-grown", max(grew, engine), "MB", 5), (f"haul-{name}-file-handles-grown", files, "files", 0)]
    figures.append(("haul-replayed-hours", whole, "h", hours, "more"))
    shutil.rmtree(folder)
    return figures
