"""Whether stories that could say who a patient is are flagged, and innocent ones are not: tests/private, by `viva sessions privacy`.

The odd passages were looked at while the detector was written, the even ones only measured. PRIVACY_SHOW=1 names what went wrong in the odd ones.
"""
import json, os, re, subprocess, tomllib, wave
from collections import Counter
from common import PROJECT, VIVA, figure, home

folder, environment = home()
MARK = re.compile(r"\{([a-z]+):([^}]*)\}")


def passages(name):
    lines = (PROJECT / "tests/private" / name).read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def taken_apart(line):
    """The words of a passage, and what is marked in it: (kind, positions of its words)."""
    words, marks, at = [], [], 0
    text = ""
    for mark in MARK.finditer(line):
        text += line[at:mark.start()]
        # words are counted by their beginnings: "{name:Maria}'s" is one word
        first = len(re.findall(r"\S+", text)) if not text or text[-1].isspace() else len(text.split()) - 1
        marks.append((mark[1], range(first, first + len(mark[2].split()))))
        text += mark[2]
        at = mark.end()
    text += line[at:]
    return text.split(), marks


def session(name, texts):
    """A session whose answers are these texts, a word each 400 ms; its findings by the number of the answer."""
    path = folder / "sessions" / name
    path.mkdir(parents=True)
    record = {
        "schema": 1, "program": "viva", "started": "2026-01-01T09:00:00Z", "role": "private", "role_name": "Private", "seed": 1, "model_file": "",
        "engine": {"model": "written", "sha256": None, "demo": False}, "voice": None, "think": 0, "limit": 180, "demonstration": False,
        "questions": [{"id": f"q{i}", "rubric_sha256": ""} for i in range(len(texts))],
    }
    (path / "session.json").write_text(json.dumps(record))
    for number, words in enumerate(texts, 1):
        answer = path / f"{number:02}"
        answer.mkdir()
        question = {"id": f"q{number}", "role": "private", "kind": "general", "level": "any", "text": "Tell me.", "intent": "", "framework": "",
                    "seconds": 60, "outline": [], "criteria": [], "red_flags": [], "covers": []}
        (answer / "question.json").write_text(json.dumps(question))
        with wave.open(str(answer / "take-1.wav"), "wb") as sound:
            sound.setnchannels(1), sound.setsampwidth(2), sound.setframerate(8000)
            sound.writeframes(bytes(1600))
        said = [{"text": w, "start": 400 * i, "end": 400 * i + 300, "probability": 0.9} for i, w in enumerate(words)]
        written = {"schema": 2, "engine": record["engine"], "duration": 400 * len(words), "words": said}
        (answer / "take-1.transcript.json").write_text(json.dumps(written))
    ran = subprocess.run([VIVA, "sessions", "privacy", name, "--json"], env=environment, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    found = [[] for _ in texts]
    for finding in json.loads(ran.stdout)["findings"]:
        found[finding["question"] - 1].append(finding)
    return found


told = [taken_apart(line) for line in passages("told.txt")]
innocent = [line.split() for line in passages("innocent.txt")]
own = [a["strong"].split() for path in sorted((PROJECT / "tests/answers").glob("*.toml")) for a in tomllib.loads(path.read_text())["answers"]]
found_told = session("told", [words for words, _ in told])
found_innocent = session("innocent", innocent)
found_own = session("own", own)
show = bool(os.environ.get("PRIVACY_SHOW"))

print(f"{len(told)} stories with {sum(len(m) for _, m in told)} marks, {len(innocent)} innocent passages; half of each was kept aside\n")
print(f"{'half':<10}{'kind':<10}{'marked':>8}{'found':>8}{'recall':>8}")
rows = {}
for half, parity in (("seen", 0), ("aside", 1)):
    marked, hit, false, words_in_all = Counter(), Counter(), 0, 0
    for i, ((words, marks), found) in enumerate(zip(told, found_told)):
        if i % 2 != parity:
            continue
        words_in_all += len(words)
        covered = {w for f in found for w in range(f["words"]["start"], f["words"]["end"])}
        for kind, place in marks:
            marked[kind] += 1
            # all of its words, by a finding of any kind: what is masked is masked
            hit[kind] += set(place) <= covered
            if show and half == "seen" and not set(place) <= covered:
                print("  missed:", kind, words[place.start:place.stop], "in:", " ".join(words))
        private = {w for _, place in marks for w in place}
        for f in found:
            if not private & set(range(f["words"]["start"], f["words"]["end"])):
                false += 1
                if show and half == "seen":
                    print("  false:", f["kind"], f["text"], "in:", " ".join(words))
    for i, (words, found) in enumerate(zip(innocent, found_innocent)):
        if i % 2 == parity:
            words_in_all += len(words)
            false += len(found)
            if show and half == "seen":
                for f in found:
                    print("  false:", f["kind"], f["text"], "in:", " ".join(words))
    for kind in sorted(marked):
        print(f"{half:<10}{kind:<10}{marked[kind]:>8}{hit[kind]:>8}{hit[kind] / marked[kind]:>8.2f}")
    rows[half] = (sum(hit.values()) / sum(marked.values()), 1000 * false / words_in_all)
    print(f"{half:<10}{'all':<10}{sum(marked.values()):>8}{sum(hit.values()):>8}{rows[half][0]:>8.2f}   false findings per 1,000 words: {rows[half][1]:.1f} ({false} in {words_in_all})\n")
flagged, words = sum(map(len, found_own)), sum(map(len, own))
print(f"Strong answers of tests/answers: {flagged} findings in {words} words, {1000 * flagged / words:.1f} per 1,000; not told apart into right and false")
if show:
    for f in (f for found in found_own for f in found):
        print("  flagged:", f["kind"], "|", f["context"])
print()
figure("private-details-found-aside", rows["aside"][0], "recall", 0.85, "more")
figure("false-findings-aside", rows["aside"][1], "/1000 words", 3, "less")
