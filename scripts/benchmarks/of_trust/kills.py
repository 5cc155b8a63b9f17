"""`kill -9` at random moments of recording, transcribing and saving."""
import random, tempfile, time
from pathlib import Path
from common import seconds_of, speech
from .session import Trouble, side_by_side

# what the recorder keeps from before "your turn"
PRE_ROLL = 0.3
ANSWER = "First of all, I would listen to the patient and let them tell me the whole story. I would stay calm and polite the whole time."


def one(seed, answer):
    """The moment, seconds of sound that were lost before it, and whether all takes are there afterwards."""
    chance = random.Random(seed)
    moment = ("recording", "transcribing", "saving")[seed % 3]
    with Trouble(answer) as trouble:
        trouble.wait_for("listening")
        begun, voice = time.monotonic(), trouble.say()
        if moment == "recording":
            time.sleep(chance.uniform(0, 6))
        else:
            voice.wait()
            trouble.press()
            ended = trouble.wait_for("ended")
            # the words of the last piece take a second or so; the files are written at its end
            if moment == "transcribing":
                time.sleep(chance.uniform(0, 1))
            else:
                trouble.wait_for("reported") if chance.random() < 0.3 else wait_for_file(trouble, chance)
        trouble.signal("KILL")
        lasted = time.monotonic() - begun
        voice.kill()
        trouble.child.wait()
        held = trouble.loses_nothing()
        length = seconds_of(trouble.sounds()[0])
        lost = lasted - (length - PRE_ROLL) if moment == "recording" else ended["duration"] / 1000 - length
        return moment, max(0, lost), held, trouble.viva("sessions", "list").returncode == 0


def wait_for_file(trouble, chance):
    """Until the first of the files of a take that come after its sound begins to be written, and a moment more."""
    ending = chance.choice(("capture.json", "transcript.json"))
    begun = time.monotonic()
    while not list((trouble.folder / "sessions").glob(f"*/01/take-1.{ending}")) and time.monotonic() - begun < 30:
        time.sleep(0.001)
    time.sleep(chance.uniform(0, 0.05))


def measure(count):
    with tempfile.TemporaryDirectory() as folder:
        answer = speech(Path(folder) / "answer.wav", ANSWER)
        results = side_by_side([lambda seed=seed: one(seed, answer) for seed in range(count)])
    print(f"\nkill -9 at {count} random moments\n{'moment':<14}{'kills':>6}{'takes lost':>12}{'most sound lost':>17}{'sessions that open':>20}")
    for moment in ("recording", "transcribing", "saving"):
        of = [r for r in results if r[0] == moment]
        if of:
            print(f"{moment:<14}{len(of):>6}{sum(not r[2] for r in of):>12}{max(r[1] for r in of):>15.2f} s{sum(r[3] and r[2] for r in of):>20}")
    return [
        ("kills-takes-lost", sum(not r[2] for r in results), "takes", 0),
        ("kills-most-sound-lost", max(r[1] for r in results), "s", 1.0),
        ("kills-sessions-that-open", sum(r[2] and r[3] for r in results), f"of {count}", count, "more"),
    ]
