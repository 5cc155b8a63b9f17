"""The words, right and right away: how soon after Enter, what listening costs, what is lost under load, word times, speech found, nothing invented. Demo model, one run."""
import json, os, random, re, shutil, statistics, subprocess, time, tomllib
from difflib import SequenceMatcher
from pathlib import Path
from common import PROJECT, VIVA, Interview, SoundCard, figure, home, seconds_of, speech, transcript_of, word_error
from espeak_words import speak

REPEATS = 3
AUDIO = PROJECT.parent / "shared/audio"
folder, environment = home()
os.environ["LC_ALL"] = "C.UTF-8"
minute = (PROJECT / "scripts/demonstration/minute.txt").read_text()
figures = []


def note(text=""):
    print(text, flush=True)


def timed(file):
    ran = subprocess.run([VIVA, "analyze", file, "--question", "psc-unhappy-patient", "--model", "demo", "--demonstration", "--timings", "--json"], env=environment, capture_output=True, text=True, check=True)
    return json.loads(ran.stderr.strip().split("\n")[-1]), json.loads(ran.stdout)["transcript"]


def text_of(transcript):
    return " ".join(w["text"] for w in transcript["words"] if not w.get("doubt"))


def newest_take():
    return sorted((folder / "sessions").glob("*/01/take-1.wav"))[-1]


# 1, 2, 4: an answer of a minute through the microphone, and its recording afterwards
answer = speech(folder / "minute.wav", minute, speed=140)
waits, afterwards, costs, live_errors, file_errors = [], [], [], [], []
with SoundCard() as card:
    for _ in range(REPEATS):
        (folder / "events.jsonl").unlink(missing_ok=True)
        interview = Interview(environment, card, ["--question", "psc-unhappy-patient", "--voice", "none"])
        reported, waited, _ = interview.answer(card, answer)
        waits.append(waited)
        timings, _ = timed(newest_take())
        afterwards.append(timings["analyze"] / 1000)
        timings, from_file = timed(answer)
        costs.append(timings["analyze"] / timings["engine"])
        live_errors.append(word_error(minute, text_of(reported["transcript"])))
        file_errors.append(word_error(minute, text_of(from_file)))

    # 3: five minutes while every core is busy
    (folder / "events.jsonl").unlink(missing_ok=True)
    long = folder / "long.wav"
    subprocess.run(["sox", *[answer] * (int(300 / seconds_of(answer)) + 1), long, "trim", "0", "300"], check=True)
    busy = [subprocess.Popen(["bash", "-c", 'while :; do "$0" transcribe "$1" --model demo >/dev/null 2>&1; done', VIVA, long], env=environment, start_new_session=True) for _ in range(os.cpu_count())]
    interview = Interview(environment, card, ["--question", "psc-unhappy-patient", "--voice", "none", "--limit", "600"])
    interview.wait_for("listening")
    card.say(long)
    interview.press_enter()
    lost = None
    while interview.child.poll() is None and lost is None:
        capture = newest_take().with_suffix(".capture.json")
        lost = json.loads(capture.read_text())["frames_lost"] if capture.exists() else None
        time.sleep(0.2)
    recorded = seconds_of(newest_take())
    for process in busy:
        os.killpg(process.pid, 9)
    interview.wait_for("choice")
    interview.press_enter()
    interview.end()

wait, after, cost = statistics.median(waits), statistics.median(afterwards), statistics.median(costs)
live_error, file_error = statistics.median(live_errors), statistics.median(file_errors)
note(f"""
An answer of {seconds_of(answer):.1f} s, median of {REPEATS} runs
  Enter to report, transcribed while it was spoken   {wait:6.2f} s
  transcribing the same recording afterwards         {after:6.2f} s
  analyze against the time inside whisper's `full`   {cost:6.3f}
  word error live {live_error:.1f} %, from the file {file_error:.1f} %
Five minutes with {os.cpu_count()} transcriptions on {os.cpu_count()} cores: {recorded:.1f} s recorded, {lost} frames lost""")
figures += [("enter-to-transcript-against-after", wait / after, "ratio", 0.2), ("analyze-against-full", cost, "ratio", 1.05), ("frames-lost-under-load", lost, "frames", 0), ("live-word-error-minus-file", live_error - file_error, "points", 1)]

# an hour in constant memory
hour = folder / "hour.wav"
subprocess.run(["sox", *[answer] * (int(3600 / seconds_of(answer)) + 1), "-r", "44100", "-c", "2", hour, "trim", "0", "3600"], check=True)
child = subprocess.Popen([VIVA, "transcribe", hour, "--model", "demo", "--format", "json"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
largest = 0
while child.poll() is None:
    engines = subprocess.run(["pgrep", "-P", str(child.pid)], capture_output=True, text=True).stdout.split()
    now = 0
    for process in [child.pid, *engines]:
        try:
            now += sum(int(line.split()[1]) for line in Path(f"/proc/{process}/status").read_text().splitlines() if line.startswith("VmRSS")) * 1024
        except OSError:
            pass
    largest = max(largest, now)
    time.sleep(0.1)
assert child.returncode == 0
hour.unlink()
beside = (largest - (PROJECT / "models/ggml-viva-demo-q8_0.bin").stat().st_size) / 1e6
note(f"\nAn hour of stereo at 44.1 kHz: {beside:.0f} MB at most beside the model, viva and its engine together")
figures.append(("hour-memory-beside-model", beside, "MB", 300))

# 5: word times against espeak-ng's own
def strings(value):
    if isinstance(value, str):
        yield " ".join(value.split())
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else []:
        yield from strings(inner)


plain = lambda word: re.sub(r"[^a-z0-9']", "", word.lower())
at = lambda values, share: values[min(len(values) - 1, int(len(values) * share))]
held_out = [line for line in (PROJECT / "scripts/demo-model/held-out-bank.txt").read_text().splitlines() if line.strip() and line[0] != "#"]
questions = sorted({s for s in strings(tomllib.loads((PROJECT / "questions/patient-partner.toml").read_text())) if 8 <= len(s.split()) <= 25 and s[-1] in ".?"} - set(held_out))


def word_times(name, sentences):
    """How far off the words are that were heard rightly, sorted, in milliseconds."""
    starts, ends, said = [], [], 0
    for sentence in random.Random(4).sample(sentences, min(70, len(sentences))):
        gold = [(plain(word), start, end) for word, start, end in speak(sentence, folder / "sentence.wav")]
        said += len(gold)
        written = [(plain(w["text"]), w["start"], w["end"]) for w in transcript_of(folder / "sentence.wav", environment)["words"]]
        # word by word where the same words stand in the same order
        for a, b, count in SequenceMatcher(None, [g[0] for g in gold], [w[0] for w in written], autojunk=False).get_matching_blocks():
            starts += [written[b + k][1] - gold[a + k][1] for k in range(count)]
            ends += [written[b + k][2] - gold[a + k][2] for k in range(count)]
    off, off_ends = sorted(abs(s) for s in starts), sorted(abs(e) for e in ends)
    note(f"""
Word times of {min(70, len(sentences))} {name}, {len(off)} of {said} words heard rightly, against espeak-ng's own
  beginning: median {at(off, .5)} ms off, 95th percentile {at(off, .95)} ms, on average {statistics.mean(starts):+.0f} ms
  end:       median {at(off_ends, .5)} ms off, 95th percentile {at(off_ends, .95)} ms (espeak-ng counts the breath before a pause to the word)""")
    return off


off = word_times("sentences of the question bank", questions)
word_times("sentences that the demo model never saw (where it loses words, those beside them stand in wrong places)", held_out)
figures += [("word-times-median", at(off, .5), "ms", 100), ("word-times-95th-percentile", at(off, .95), "ms", 300)]

# 6: speech found
def steps(spans, count):
    marks = [False] * count
    for start, end in spans:
        for i in range(round(start / 10), min(count, round(end / 10))):
            marks[i] = True
    return marks


def joined(spans, gap=100):
    out = []
    for start, end in spans:
        if out and start - out[-1][1] < gap:
            out[-1][1] = end
        else:
            out.append([start, end])
    return out


def gold_words(path):
    lines = path.read_text().split("\n")
    at = lines.index('"words"')
    rows = [lines[at + 4 + 3 * i:at + 7 + 3 * i] for i in range(int(lines[at + 3]))]
    return [(float(start) * 1000, float(end) * 1000) for start, end, word in rows if word != '""']


def silero():
    """Silero VAD by onnxruntime, in an environment of its own; None where it cannot be had."""
    place = PROJECT / "target/silero"
    python = place / "bin/python"
    if not python.exists():
        made = subprocess.run(f"python3 -m venv {place} && {python} -m pip install -q numpy onnxruntime && {python} -m pip install -q --no-deps silero-vad", shell=True, capture_output=True)
        if made.returncode:
            return None
    code = '''
import sys, json, wave, importlib.util, pathlib, numpy as np, onnxruntime
model = pathlib.Path(importlib.util.find_spec("silero_vad").origin).parent / "data/silero_vad.onnx"
session = onnxruntime.InferenceSession(str(model))
with wave.open(sys.argv[1]) as f: sound = np.frombuffer(f.readframes(f.getnframes()), "<i2").astype(np.float32) / 32768
state, context, spans = np.zeros((2, 1, 128), np.float32), np.zeros(64, np.float32), []
for i in range(0, len(sound) - 511, 512):
    p, state = session.run(None, {"input": np.concatenate([context, sound[i:i + 512]])[None], "state": state, "sr": np.array(16000)})
    context = sound[i + 448:i + 512]
    if p[0, 0] >= 0.5: spans.append([i / 16, (i + 512) / 16])
print(json.dumps(spans))
'''
    return lambda path: json.loads(subprocess.run([python, "-c", code, path], capture_output=True, text=True, check=True).stdout)


note()
if not AUDIO.exists():
    note("The recordings of people are not here; speech was not looked for in them.")
else:
    judge = silero()
    (folder / "none.json").write_text(json.dumps({"schema": 2, "engine": {"model": "none", "sha256": None, "demo": False}, "duration": 0, "words": []}))
    for name in ("jfk", "austen-0870", "austen-0880", "cold_corpus"):
        file = folder / f"{name}.wav"
        subprocess.run(["sox", AUDIO / f"{name}.wav", "-r", "16000", "-c", "1", "-b", "16", file], check=True)
        gold = gold_words(AUDIO / "cold_corpus.TextGrid") if name == "cold_corpus" else judge and judge(str(file))
        if gold is None:
            note(f"Silero VAD could not be brought; {name} was not measured.")
            continue
        found = [(s["start"], s["end"]) for s in transcript_of(file, environment)["speech"]]
        count = round(seconds_of(file) * 100)
        a, b = steps(found, count), steps(joined(gold), count)
        f1 = 2 * sum(x and y for x, y in zip(a, b)) / max(1, sum(a) + sum(b))
        note(f"Speech in {name:<12} F1 {f1:.3f} of 10 ms steps against {'the words set by hand' if name == 'cold_corpus' else 'Silero VAD'}")
        figures.append((f"speech-f1-{name}", f1, "F1", 0.95, "more"))

# 7: nothing invented
sounds = {
    "silence": ["synth", "30", "sine", "100", "vol", "0"],
    **{f"noise at {level} dBFS": ["synth", "30", "whitenoise", "norm", str(level)] for level in (-50, -30, -20)},
    "tone": ["synth", "30", "sine", "440", "gain", "-20"],
    "music-like noise": ["synth", "30", "pinknoise", "tremolo", "2", "80", "gain", "-15"],
    "chords": ["synth", "0.5", "saw", "220", "saw", "277", "saw", "330", "fade", "0.01", "0.5", "0.3", "remix", "-", "repeat", "59", "gain", "-12"],
    "keyboard-like clicks": ["synth", "0.008", "whitenoise", "fade", "0", "0.008", "0.006", "pad", "0", "0.19", "repeat", "150", "gain", "-10"],
}
invented = 0
note()
for name, effects in sounds.items():
    subprocess.run(["sox", "-R", "-D", "-n", "-r", "16000", "-b", "16", folder / "no-speech.wav", *effects], check=True, capture_output=True)
    words = transcript_of(folder / "no-speech.wav", environment)["words"]
    counted = sum(not w.get("doubt") for w in words)
    invented += counted
    note(f"{name:<22} {counted} words counted, {len(words) - counted} written and not believed")
figures.append(("words-counted-without-speech", invented, "words", 0))

shutil.rmtree(folder)
note()
for arguments in figures:
    figure(*arguments)
