"""Each fault that a recording has to survive, several times: is anything lost, and does the program name the cause?"""
import os, shutil, signal, subprocess, tempfile, time
from pathlib import Path
from common import PROJECT, VIVA, home, speech
from .session import Trouble, side_by_side
from .kills import ANSWER


def pactl(trouble, *arguments):
    return subprocess.run(["pactl", *arguments], env={**os.environ, "XDG_RUNTIME_DIR": trouble.card.folder}, check=True, capture_output=True, text=True).stdout.strip()


def card(trouble, what):
    subprocess.run([PROJECT / "scripts/sound-card", what, trouble.card.folder], check=True)


def go_on(trouble, key=""):
    """Answers the next question; whether its words are there."""
    trouble.press(key)
    trouble.wait_for("listening")
    trouble.say().wait()
    trouble.press()
    heard = trouble.wait_for("reported")["transcript"]["words"]
    trouble.wait_for("choice")
    return len(heard) > 5


def sound_server_killed(answer):
    with Trouble(answer) as trouble:
        trouble.recorded(2_000)
        card(trouble, "stop")
        lost = trouble.wait_for("ended")["end"] != "device_lost"
        trouble.wait_for("choice")
        card(trouble, "start")
        went_on = go_on(trouble)
        trouble.end("")
        return not lost and went_on and trouble.loses_nothing(2), "The microphone stopped delivering sound" in trouble.said()


def sound_server_hung(answer):
    """The answer is to end while the server still hangs."""
    with Trouble(answer) as trouble:
        trouble.recorded(2_000)
        server = int(Path(trouble.card.folder, "pulseaudio.pid").read_text())
        os.kill(server, signal.SIGSTOP)
        try:
            lost = trouble.wait_for("ended")["end"] != "device_lost"
            trouble.wait_for("choice")
        finally:
            os.kill(server, signal.SIGCONT)
        went_on = go_on(trouble)
        trouble.end("")
        return not lost and went_on and trouble.loses_nothing(2), "The microphone stopped delivering sound" in trouble.said()


def unplugged_and_plugged_in_again(answer):
    headset = ("load-module", "module-remap-source", "master=vmic.monitor", "source_name=headset", "source_properties=device.description=Headset")
    module = []
    with Trouble(answer, more=["--input", "Headset"], before=lambda t: module.append(pactl(t, *headset))) as trouble:
        trouble.recorded(2_000)
        pactl(trouble, "unload-module", module[0])
        trouble.say().wait()
        trouble.press()
        trouble.wait_for("reported")
        trouble.wait_for("choice")
        trouble.press()
        trouble.wait_for("not_recorded")
        trouble.wait_for("choice")
        pactl(trouble, *headset)
        went_on = go_on(trouble, "a")
        trouble.end("")
        return went_on and trouble.loses_nothing(2), 'there is no microphone called "Headset"' in trouble.said()


def disk_full(answer):
    """A disk of its own, which only the superuser can make; others get the limit of a file's size instead."""
    disk = []

    def small_disk(trouble):
        sessions = trouble.folder / "sessions"
        sessions.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", sessions], capture_output=True).returncode == 0:
            disk.append(sessions)

    limit = [] if os.geteuid() == 0 else ["bash", "-c", "trap '' XFSZ; ulimit -f 400; exec \"$0\" \"$@\""]
    with Trouble(answer, by=limit, before=small_disk) as trouble:
        try:
            ended = trouble.wait_for("ended")
            trouble.wait_for("choice", "finished")
            trouble.end("q")
            kept = ended["end"] == "disk_failed" and ended["duration"] > 1_000
            if disk:
                subprocess.run(["mount", "-o", "remount,size=100m", disk[0]], check=True)
            return kept and trouble.loses_nothing(), "The disk could not take more" in trouble.said()
        finally:
            for folder in disk:
                subprocess.run(["umount", "-l", folder])


def read_only_folder(answer):
    folder, environment = home()
    try:
        for path in (folder, folder / "models"):
            path.chmod(0o755)
        (folder / "sessions").mkdir(mode=0o555)
        (folder / "sessions").chmod(0o555)
        viva = shutil.copy(VIVA, folder / "viva")
        sound = shutil.copy(answer, folder / "answer.wav")
        os.chmod(sound, 0o644)
        as_nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.geteuid() == 0 else []
        ran = subprocess.run([*as_nobody, viva, "practice", "--model", "demo", "--demonstration", "--question", "psc-extra-step", "--from", sound], env=environment, cwd="/", capture_output=True, text=True)
        return ran.returncode == 2 and "Question 1" not in ran.stderr, "could not be written (Permission denied" in ran.stderr
    finally:
        (folder / "sessions").chmod(0o755)
        shutil.rmtree(folder)


def engine_dead(answer):
    with Trouble(answer) as trouble:
        trouble.wait_for("listening")
        voice = trouble.say()
        while voice.poll() is None:
            for process in trouble.engine():
                os.kill(process, 9)
            time.sleep(0.05)
        trouble.press()
        while not any(e["event"] in ("reported", "not_finished") for e in trouble.lines()):
            for process in trouble.engine():
                os.kill(process, 9)
            time.sleep(0.02)
        trouble.wait_for("choice")
        trouble.end("q")
        return trouble.loses_nothing(), "the engine broke down twice" in trouble.said()


def engine_hung(answer):
    with Trouble(answer) as trouble:
        trouble.wait_for("listening")
        trouble.say().wait()
        stopped = set()
        trouble.press()
        while not any(e["event"] in ("reported", "not_finished") for e in trouble.lines()):
            for process in set(trouble.engine()) - stopped:
                stopped.add(process)
                os.kill(process, 19)
            time.sleep(0.02)
        trouble.wait_for("choice")
        trouble.end("q")
        # one that hangs is ended and started once more; two that hang, at work or before they are ready, cost the words until the session is recovered
        said = trouble.said()
        return trouble.loses_nothing(), "the engine broke down twice" in said and ("no sign of life" in said or "it was not ready after" in said)


def terminal_closed(answer):
    with Trouble(answer) as trouble:
        trouble.recorded(2_000)
        trouble.signal("HUP")
        trouble.end()
        return trouble.loses_nothing(), "Stopped. Your answer is kept" in trouble.said()


def suspended(answer):
    """Goes on and counts what it missed; or, where the sound server gave it up meanwhile, keeps what was said before."""
    with Trouble(answer) as trouble:
        before = trouble.recorded(2_000)["elapsed"]
        trouble.signal("STOP")
        time.sleep(8)
        trouble.signal("CONT")
        event = trouble.wait_for("level", "ended", until=lambda e: e["event"] == "ended" or e["elapsed"] >= 5_000)
        if event["event"] == "level":
            trouble.press()
        capture = trouble.wait_for("reported")["capture"]
        trouble.wait_for("choice")
        trouble.end("q")
        if capture["end"] == "device_lost":
            given_up.append(1)
            return capture["duration"] >= before and trouble.loses_nothing(), "The microphone stopped delivering sound" in trouble.said()
        whole = capture["duration"] + capture["frames_lost"] * 1000 // capture["rate"]
        told = capture["frames_lost"] == 0 or "of sound was lost at" in trouble.said()
        return capture["end"] == "candidate" and whole > 11_500 and trouble.loses_nothing(), told


def clock_set_back(answer):
    with Trouble(answer) as trouble:
        trouble.wait_for("listening")
        trouble.say().wait()
        trouble.press()
        trouble.wait_for("reported")
        trouble.end("q")
        before = {path: path.read_bytes() for path in (trouble.folder / "sessions").rglob("*") if path.is_file() and path.name != ".lock"}
        again = subprocess.run(["faketime", "-f", "-1d", VIVA, "practice", "--model", "demo", "--demonstration", "--question", "psc-extra-step", "--from", trouble.answer], env=trouble.environment, capture_output=True, text=True)
        untouched = all(path.read_bytes() == content for path, content in before.items())
        return again.returncode == 0 and untouched and trouble.viva("sessions", "list").stdout.count("\n") >= 2, "was the clock set back?" in again.stderr


# answers that a sound server ended because their program had been stopped for long
given_up = []

FAULTS = [sound_server_killed, sound_server_hung, unplugged_and_plugged_in_again, disk_full, read_only_folder, engine_dead, engine_hung, terminal_closed, suspended, clock_set_back]


def tried(fault, answer):
    try:
        return fault(answer)
    except Exception as problem:
        print(f"{fault.__name__}: {problem}", flush=True)
        return False, False


def measure(count):
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        answer = speech(Path(folder) / "answer.wav", ANSWER)
        jobs = [(fault, lambda fault=fault: tried(fault, answer)) for fault in FAULTS for _ in range(count)]
        results = side_by_side([job for _, job in jobs])
    print(f"\nEach fault {count} times\n{'fault':<34}{'nothing lost':>14}{'cause named':>13}")
    lost = unnamed = 0
    for fault in FAULTS:
        of = [result for (of, _), result in zip(jobs, results) if of is fault]
        lost, unnamed = lost + sum(not r[0] for r in of), unnamed + sum(not r[1] for r in of)
        print(f"{fault.__name__.replace('_', ' '):<34}{sum(r[0] for r in of):>11} of {len(of)}{sum(r[1] for r in of):>10} of {len(of)}")
    print(f"after a stop of 8 s the sound server had given up {len(given_up)} of {count}; these answers end there, and are kept")
    return [("faults-answers-lost", lost, "times", 0), ("faults-cause-not-named", unnamed, "times", 0)]
