"""The way from question to report: how fast, against the cost of the engine alone, and how large. Demo model, one run on one machine."""
import json, shutil, statistics, subprocess, time
from common import Interview, SoundCard, VIVA, PROJECT, figure, home, peak_memory, seconds_of, speech

REPEATS = 3
minute = (PROJECT / "scripts/demonstration/minute.txt").read_text()
folder, environment = home()
answer = speech(folder / "minute.wav", minute, speed=140)
length = seconds_of(answer)
analyze = [VIVA, "analyze", answer, "--question", "psc-unhappy-patient", "--model", "demo", "--demonstration"]

runs = []
for _ in range(REPEATS):
    ran = subprocess.run([*analyze, "--timings"], env=environment, capture_output=True, text=True, check=True)
    runs.append(json.loads(ran.stderr.strip().split("\n")[-1]))
run = sorted(runs, key=lambda r: r["analyze"])[REPEATS // 2]
memory = peak_memory(analyze, environment)

starts = []
for _ in range(20):
    begun = time.perf_counter()
    subprocess.run([VIVA, "questions", "list"], env=environment, capture_output=True, check=True)
    starts.append((time.perf_counter() - begun) * 1000)
bare = []
for _ in range(20):
    begun = time.perf_counter()
    subprocess.run(["true"], capture_output=True, check=True)
    bare.append((time.perf_counter() - begun) * 1000)

waits = []
with SoundCard() as card:
    for _ in range(REPEATS):
        (folder / "events.jsonl").unlink(missing_ok=True)
        interview = Interview(environment, card, ["--question", "psc-unhappy-patient", "--voice", "none"])
        _, waited, live_memory = interview.answer(card, answer)
        waits.append(waited)
shutil.rmtree(folder)

wait, start, floor = statistics.median(waits), statistics.median(starts), statistics.median(bare)
print(f"""
An answer of {length:.1f} s, demo model, median of {REPEATS} runs
  transcription, measures and score of the file   {run['analyze'] / 1000:6.2f} s   {run['analyze'] / 1000 / length:.4f} of real time
  of these inside the engine (whisper.cpp `full`) {run['engine'] / 1000:6.2f} s   {run['engine'] / 1000 / length:.4f} of real time
  loading and warming the model                   {run['load'] / 1000:6.2f} s
  Enter to report, through the microphone         {wait:6.2f} s
  peak memory: analyze {memory:.0f} MB, interview {live_memory:.0f} MB (the model file is 11 MB)
  `viva questions list` {start:.1f} ms, of which starting any program {floor:.1f} ms
""")
figure("transcription-against-engine", run["analyze"] / run["engine"], "ratio", 1.05)
figure("real-time-factor", run["analyze"] / 1000 / length, "ratio", 0.1)
figure("enter-to-report-60s", wait, "s", 5)
figure("enter-to-report-against-file", wait / (run["analyze"] / 1000), "ratio", 1.2)
figure("peak-memory", max(memory, live_memory), "MB", 300)
figure("start-up", start, "ms", 50)
