"""Many sessions: how long the list of them takes, and how much memory."""
import json, shutil, subprocess, time
from datetime import datetime, timedelta, timezone
from pathlib import Path

from common import VIVA, figure, home, peak_memory, speech

MANY = 5_000
TRIES = 9


def many_sessions(folder, count):
    """Copies the only session in `folder` until there are `count`, each begun an hour after the one before. Sound is linked, not copied."""
    (first,) = [path for path in Path(folder).iterdir() if path.is_dir()]
    record = json.loads((first / "session.json").read_text())
    begin = datetime(2024, 1, 1, tzinfo=timezone.utc)
    for number in range(count - 1):
        started = begin + timedelta(hours=number)
        copy = first.parent / f"{started:%Y-%m-%dT%H-%M-%SZ}-{record['role']}"
        shutil.copytree(first, copy, copy_function=lambda source, target: Path(target).hardlink_to(source) if source.endswith(".wav") else shutil.copyfile(source, target))
        (copy / "session.json").write_text(json.dumps({**record, "started": f"{started:%Y-%m-%dT%H:%M:%SZ}"}, indent=2) + "\n")


def one_session():
    """A home with one session of one answer; its sessions folder, and the environment."""
    folder, environment = home()
    answer = speech(folder / "answer.wav", "I would listen to the patient and let them finish. Then I would stay calm, and I would explain the next step to them. " * 4)
    command = [VIVA, "practice", "--model", "demo", "--demonstration", "--question", "psc-unhappy-patient", "--from", answer]
    subprocess.run(command, env=environment, check=True, capture_output=True, stdin=subprocess.DEVNULL)
    return folder / "sessions", environment


def run():
    """The whole process of `viva sessions list`, the fastest of a few: the others measure what else the machine did."""
    sessions, environment = one_session()
    many_sessions(sessions, MANY)
    command, times = [VIVA, "sessions", "list"], []
    for _ in range(TRIES):
        begun = time.perf_counter()
        listed = subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout
        times.append(time.perf_counter() - begun)
    assert len(listed.splitlines()) == MANY
    figure("sessions-list-ms", 1000 * min(times), "ms", 150)
    figure("sessions-list-memory", peak_memory(command, environment), "MB", 100)
    shutil.rmtree(sessions.parent)


if __name__ == "__main__":
    run()
