"""The question bank: points found in answers that were written before its evidence, how long questions take to say, how fast the commands are."""
import json, subprocess, time
from common import PROJECT, VIVA, figure, home, seconds_of, speech

folder, environment = home()

# a test of the library, because a transcript needs no sound here; it prints its own figures
tried = subprocess.run(["cargo", "test", "--locked", "--quiet", "--test", "questions", "held_against", "--", "--nocapture"], cwd=PROJECT, capture_output=True, text=True)
lines = [line for line in tried.stdout.splitlines() if line.startswith(("role ", "patient-", "common", "all ", "figure "))]
print("\n".join(line for line in lines if not line.startswith("figure ")))

listed = json.loads(subprocess.run([VIVA, "questions", "list", "--json"], env=environment, capture_output=True, text=True, check=True).stdout)
texts = [q["text"] for q in listed] + [c["follow_up"] for q in listed for c in q["criteria"]]
longest = sorted(texts, key=lambda t: len(t.split()))[-25:]
said = max((seconds_of(speech(folder / "said.wav", text, voice="en-gb", speed=160)), text) for text in longest)
print(f"\n{len(listed)} questions, {len(texts) - len(listed)} follow-ups; the one that takes longest to say:\n  {said[1]}")


def milliseconds(arguments):
    times = []
    for _ in range(20):
        begun = time.perf_counter()
        subprocess.run([VIVA, *arguments], env=environment, capture_output=True, check=True, cwd=folder)
        times.append((time.perf_counter() - begun) * 1000)
    return sorted(times)[len(times) // 2]


rows = {name: milliseconds(arguments) for name, arguments in {
    "questions list": ["questions", "list"],
    "questions search": ["questions", "search", "angry", "patient"],
    "questions check": ["questions", "check"],
    "plan": ["plan", "--role", "patient-partner", "--date", time.strftime("%Y-%m-%d", time.localtime(time.time() + 20 * 86400))],
    "guide": ["guide", "--role", "patient-partner"],
}.items()}
print()
for name, value in rows.items():
    print(f"viva {name:<20}{value:8.1f} ms")
print()
print("\n".join(line for line in lines if line.startswith("figure ")))
figure("longest_question_said", said[0], "s", 15)
figure("questions_list", rows["questions list"], "ms", 50)
figure("guide", rows["guide"], "ms", 200)
