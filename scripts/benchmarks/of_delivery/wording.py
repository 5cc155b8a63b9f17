"""Fillers that are words, against what editors took out of transcripts; the half of the files on which no weight was fitted is reported."""
import json
from collections import defaultdict

ASKED = {"like": 0.77, "you know": 0.97, "right": 0.50}


def places(tokens, phrase):
    parts = phrase.split()
    return [i for i in range(len(tokens) - len(parts) + 1) if tokens[i:i + len(parts)] == parts]


def measure(folder, labelled, measures_of, silence):
    """Prints the table; rows for `figure`. Each file is one take. `silence(seconds)` gives a recording; only the words count here."""
    files = defaultdict(list)
    for row in map(json.loads, labelled.read_text(encoding="utf8").splitlines()):
        files[row["src"]].append(row)
    names = sorted(files, key=lambda s: int(s.split(".")[0]))
    tuned = set(names[::2])
    totals = {(phrase, half): [0, 0, 0, 0] for phrase in ASKED for half in ("tuned", "reported")}
    for name in names:
        words, gold = [], []
        for row in files[name]:
            for token, mark, removed in zip(row["tokens"], row["punct"], row["removed"]):
                at = 20 * len(words)
                words.append((token + mark, at, at + 20))
                gold.append(removed)
        found = measures_of(silence(len(words) // 50 + 1), words)["fillers"]["found"]
        covered = {i for f in found for i in range(f["at"], f["at"] + len(f["text"].split()))}
        start = 0
        for row in files[name]:
            for phrase in ASKED:
                total = totals[phrase, "tuned" if name in tuned else "reported"]
                length = len(phrase.split())
                for at in places(row["tokens"], phrase):
                    is_gold = all(gold[start + at:start + at + length])
                    said = all(i in covered for i in range(start + at, start + at + length))
                    for i, n in enumerate((is_gold and said, is_gold, said, 1)):
                        total[i] += n
            start += len(row["tokens"])
    print(f"\n{'Fillers':10} {'half':9} {'places':>6} {'gold':>5} {'precision':>9} {'recall':>6} {'F1':>6}  F1 of calling every place one")
    rows = []
    for (phrase, half), (right, gold, said, count) in totals.items():
        f1 = 2 * right / max(1, gold + said)
        print(f"{phrase:10} {half:9} {count:6} {gold:5} {right / max(1, said):9.3f} {right / max(1, gold):6.3f} {f1:6.3f}  {2 * gold / max(1, gold + count):.3f}")
        if half == "reported":
            rows.append((f"fillers-f1-{phrase.replace(' ', '-')}", f1, "F1", ASKED[phrase], "more"))
    return rows
