"""How it was said: pace and pauses, filled pauses heard, fillers among the words, syllables, pitch against Praat's, and speed. All by `viva analyze --words`."""
import json, resource, subprocess, sys, wave
from common import PROJECT, VIVA, figure, home, seconds_of
from of_delivery import filled_pauses, pitch, wording

SHARED = PROJECT.parent / "shared"
AUDIO = SHARED / "audio"
folder, environment = home()
rows = []
if not AUDIO.exists():
    sys.exit("The labelled recordings (shared/audio beside the project) are not here; nothing of the delivery was measured.")


def measures_of(recording, words=()):
    """The measures of a recording with these words: (text, start, end) in milliseconds."""
    written = folder / "words.json"
    listed = [{"text": text, "start": round(start), "end": round(end), "probability": 1.0} for text, start, end in words]
    written.write_text(json.dumps({"schema": 2, "engine": {"model": "none", "sha256": None, "demo": False}, "duration": 0, "words": listed}))
    return analyzed(recording, written)


def analyzed(recording, words):
    return json.loads(subprocess.run([VIVA, "analyze", recording, "--words", words, "--json"], env=environment, capture_output=True, text=True, check=True).stdout)["report"]["measures"]


def silence(seconds):
    path = folder / f"silence-{seconds}.wav"
    with wave.open(str(path), "wb") as out:
        out.setparams((1, 2, 8_000, 0, "NONE", ""))
        out.writeframes(bytes(16_000 * seconds))
    return path


def user_seconds(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(["taskset", "-c", "0", *command], env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


# pace, pauses and syllables
cold = analyzed(AUDIO / "cold_corpus.wav", AUDIO / "cold_corpus.TextGrid")
pace, silent = cold["pace"], cold["pauses"]["silent"]
lines = [line.strip() for line in (AUDIO / "cold_corpus.TextGrid").read_text().splitlines()]
vowels = sum(line.startswith('"') and line.endswith(('0"', '1"', '2"')) for line in lines[lines.index('"phones"'):])
print(f"cold_corpus: {pace['words_per_minute']} words a minute, {pace['articulation_rate']} without pauses, phonation ratio {pace['phonation_ratio']}, {len(silent)} pauses, {pace['syllables']} syllables for {vowels} vowels\n")
off = lambda value, gold: abs(value / gold - 1) * 100
rows.append(("speech-rate-off", off(pace["words_per_minute"], 164), "%", 3, "less"))
rows.append(("articulation-rate-off", off(pace["articulation_rate"], 205), "%", 3, "less"))
rows.append(("phonation-ratio-off", abs(pace["phonation_ratio"] - 0.80), "", 0.03, "less"))
rows.append(("pauses-off", abs(len(silent) - 7), "pauses", 0, "less"))
rows.append(("syllables-off", off(pace["syllables"], vowels), "%", 5, "less"))

pitch_rows, people = pitch.measure(folder, AUDIO, measures_of)
rows += pitch_rows
rows += filled_pauses.measure(folder, AUDIO, measures_of)
labelled = SHARED / "data/filler-words/dev.jsonl"
if labelled.exists():
    rows += wording.measure(folder, labelled, measures_of, silence)
else:
    print("The labelled transcripts are not here; fillers among the words were not measured.")

# speed: an hour of people
hour = folder / "hour.wav"
subprocess.run(["sox", *(people * 40), hour, "trim", "0", "3600"], check=True)
nothing = folder / "nothing.json"
nothing.write_text(json.dumps({"schema": 2, "engine": {"model": "none", "sha256": None, "demo": False}, "duration": 0, "words": []}))
script = folder / "both.praat"
script.write_text(f'sound = Read from file: "{hour}"\nnoprogress To Pitch (ac): 0.01, 75, 15, "no", 0.03, 0.45, 0.01, 0.35, 0.14, 600\nselectObject: sound\nnoprogress To Formant (burg): 0.01, 5, 5500, 0.025, 50\n')
seconds = seconds_of(hour)
ours = user_seconds([VIVA, "analyze", hour, "--words", nothing, "--json"])
praats = user_seconds(["praat", "--run", script])
print(f"\nAn hour of people ({seconds:.0f} s), one core: all measures {ours:.1f} s of processor time; Praat's pitch and formants {praats:.1f} s\n")
rows.append(("measures-against-real-time", seconds / ours, "times", 500, "more"))
rows.append(("measures-against-praat", praats / ours, "times", 5, "more"))
for row in rows:
    figure(*row)
