"""The demo model's word error, on sentences and voices that it has not seen, one at a time and as answers of several sentences."""
import json, random, subprocess, tempfile
from pathlib import Path
from common import PROJECT, VIVA, figure, home, speech, word_error

SEEN, UNSEEN = ["en-us", "en-gb"], ["en-us+f4", "en-us+m5", "en-gb-x-rp", "en-us+croak"]
SENTENCES, IN_AN_ANSWER = 60, 5
folder, environment = home()
made = PROJECT / "scripts/demo-model"
kinds = {"bank": (made / "held-out-bank.txt").read_text().split("\n\n")[0].splitlines()}  # whole answers follow
spoken = PROJECT.parent / "shared/data/filler-words/dev.jsonl"
if spoken.exists():
    numbers = [int(n) for n in (made / "held-out-spoken.txt").read_text().split()]  # from 1
    lines = spoken.read_text(encoding="utf8").splitlines()
    kinds["spoken"] = [" ".join(w + (p if p in ".,?" else ",") for w, p in zip(row["tokens"], row["punct"])) for row in (json.loads(lines[n - 1]) for n in numbers)]
else:
    print("The transcripts of spoken English are not here; only the bank's wording is measured.")


def error_of(texts, voice):
    """Over all words together. All in one folder, so that the model is loaded once."""
    draw, said = random.Random(voice), Path(tempfile.mkdtemp(dir=folder))
    truth = {str(speech(said / f"{number}.wav", text, voice, draw.randint(150, 170))): text for number, text in enumerate(texts)}
    ran = subprocess.run([VIVA, "analyze", said, "--model", "demo", "--demonstration", "--jobs", "1"], env=environment, capture_output=True, text=True, check=True)
    heard = {row["file"]: " ".join(w["text"] for w in row["transcript"]["words"]) for row in map(json.loads, ran.stdout.splitlines())}
    assert heard.keys() == truth.keys(), ran.stderr
    counts = {file: len(text.split()) for file, text in truth.items()}
    return sum(word_error(text, heard[file]) * counts[file] for file, text in truth.items()) / sum(counts.values())


print(f"\n{'':<34}" + "".join(f"{voice:>14}" for voice in SEEN + UNSEEN))
result = {}
for kind, sentences in kinds.items():
    sentences = random.Random(1).sample(sentences, min(SENTENCES, len(sentences)))
    answers = [" ".join(sentences[i:i + IN_AN_ANSWER]) for i in range(0, len(sentences), IN_AN_ANSWER)]
    for form, texts in (("sentences", sentences), ("answers", answers)):
        row = [error_of(texts, voice) for voice in SEEN + UNSEEN]
        result[kind, form] = sum(row[len(SEEN):]) / len(UNSEEN)
        print(f"{kind + ', ' + str(len(texts)) + ' ' + form:<34}" + "".join(f"{e:12.1f} %" for e in row), flush=True)
print("\nUnseen voices: " + ", ".join(UNSEEN) + "; the figures are means over them.\n")
figure("demo-model-error-bank", result["bank", "sentences"], "%", 5)
if "spoken" in kinds:
    figure("demo-model-error-spoken", result["spoken", "sentences"], "%", 15)
figure("demo-model-size", (PROJECT / "models/ggml-viva-demo-q8_0.bin").stat().st_size / 1e6, "MB", 20)
