"""Fits src/measure/filler/weights.rs: which "like", "you know" and "right" editors took out, by the clues that clue.rs names.

    cargo build --example clues && python3 scripts/delivery/fit.py [--all]     (numpy and scikit-learn)

Data: shared/data/filler-words/dev.jsonl (Rev16 and Earnings-22, CC BY-SA 4.0; only weights of clues come out of it). Files in the order of their
numbers are dealt out in turn: the 1st, 3rd, 5th ... are fitted on, the others only reported on. Clues, strength of regularisation and
threshold were chosen leaving one fitted file out at a time. --all fits on every file, into weights_all.rs (only the figure of the files left out one at a time is then honest).
"""
import collections, json, subprocess, sys, warnings
from pathlib import Path
import numpy as np
from sklearn.linear_model import LogisticRegression

warnings.filterwarnings("ignore")
PROJECT = Path(__file__).resolve().parents[2]
DATA = PROJECT.parent / "shared/data/filler-words/dev.jsonl"
# phrase: kind of penalty, its inverse strength, least number of places a clue must have been seen at
HOW = {"like": ("l2", 0.2, 6), "right": ("l1", 0.2, 6), "you know": ("l2", 0.3, 6)}
BARE = 0.3  # weight of the second copy of each place, its commas taken away
NEARLY = 0.006  # of F1, left out: chance
SMALL = 0.08  # weights below are left out


def rows(*options):
    with open(DATA) as f:
        out = subprocess.run(["target/debug/examples/clues", *options], stdin=f, capture_output=True, check=True, text=True).stdout
    return [json.loads(line) for line in out.splitlines()]


def f1(gold, said):
    return 2 * sum(a and b for a, b in zip(gold, said)) / max(1, sum(gold) + sum(said))


def fit(full, bare, files, penalty, c, least):
    part, stripped = [r for r in full if r["src"] in files], [r for r in bare if r["src"] in files]
    seen = collections.Counter(clue for r in part + stripped for clue in set(r["clues"]))
    where = collections.defaultdict(set)
    for r in part:
        for clue in r["clues"]:
            where[clue].add(r["src"])
    # what one speaker alone says tells of the speaker
    names = sorted(clue for clue, n in seen.items() if n >= least and (len(where[clue]) > 1 or "unknown" in clue))
    column = {n: i for i, n in enumerate(names)}
    x = np.zeros((len(part) * 2, len(names)))
    for i, r in enumerate(part + stripped):
        for clue in r["clues"]:
            if clue in column:
                x[i, column[clue]] = 1
    y = [r["gold"] for r in part + stripped]
    m = LogisticRegression(C=c, penalty=penalty, solver="liblinear").fit(x, y, sample_weight=[1] * len(part) + [BARE] * len(stripped))
    weights = {n: round(w * 100) for n, w in zip(names, m.coef_[0]) if abs(w) >= SMALL}
    return weights, round(m.intercept_[0] * 100)


def score(model, r):
    return model[1] + sum(model[0].get(c, 0) for c in set(r["clues"]))


def main():
    full, bare = rows(), rows("--bare")
    files = sorted({r["src"] for r in full}, key=lambda s: int(s.split(".")[0]))
    tuned = set(files) if "--all" in sys.argv else set(files[::2])
    tables = []
    for phrase, (penalty, c, least) in sorted(HOW.items()):
        mine, mine_bare = [[r for r in rs if r["text"] == phrase] for rs in (full, bare)]
        scores, gold = [], []
        for out in sorted(tuned):
            rest = [r for r in mine if r["src"] in tuned - {out}]
            if len({r["gold"] for r in rest}) == 2:
                model = fit(mine, mine_bare, tuned - {out}, penalty, c, least)
                # "like-" is broken off: easy, and no part of what is reported
                held = [r for r in mine if r["src"] == out and r["token"] in phrase]
                scores += [score(model, r) for r in held]
                gold += [r["gold"] for r in held]
        by = {t: f1(gold, [s > t for s in scores]) for t in range(-200, 201, 10)}
        # of the thresholds that do nearly as well as the best, the highest: a word wrongly called a filler is worse than one passed over
        good = [t for t in by if by[t] > max(by.values()) - NEARLY]
        threshold = max(good)
        if "-v" in sys.argv:
            print({t: round(v, 3) for t, v in by.items() if abs(t) < 110})
        weights, bias = model = fit(mine, mine_bare, tuned, penalty, c, least)
        line = [f"{phrase}: left out {by[threshold]:.3f} at {threshold}, {len(weights)} weights"]
        for name, rs in (("tuned", mine), ("bare", mine_bare)):
            for part, inside in (("tuned half", True), ("other half", False)):
                rs_ = [r for r in rs if (r["src"] in tuned) == inside and r["token"] in phrase]
                line.append(f"{name} {part} {f1([r['gold'] for r in rs_], [score(model, r) > threshold for r in rs_]):.3f}")
        print("; ".join(line))
        tables.append((phrase, bias - threshold, sorted(weights.items())))
    target = "weights_all.rs" if "--all" in sys.argv else "src/measure/filler/weights.rs"
    with open(target, "w") as out:
        out.write(HEAD)
        for phrase, bias, weights in tables:
            out.write(f'    (\n        "{phrase}",\n        {bias},\n        &[\n')
            line = "           "
            for clue, weight in weights:
                entry = f' ("{clue}", {weight}),'
                if len(line + entry) > 150:
                    out.write(line + "\n")
                    line = "           "
                line += entry
            out.write(line + "\n        ],\n    ),\n")
        out.write("];\n")


HEAD = '''//! What each clue weighs, in hundredths of the natural logarithm of the odds; above zero speaks for filler. Written by `scripts/delivery/fit.py`, not by hand.
//!
//! Fitted by logistic regression on which tokens professional editors took out of verbatim transcripts (Rev16 and Earnings-22, every second of
//! the files in dev.jsonl, CC BY-SA 4.0). Clues seen at fewer than six places (a place and its copy without
//! commas are two) or in one file only, and those that weigh next to nothing, are left out.

/// A phrase, where its sum starts, and its clues in the order of their names.
pub(super) type Weights = (&'static str, i32, &'static [(&'static str, i32)]);

#[rustfmt::skip]
pub(super) const OF: &[Weights] = &[
'''

if __name__ == "__main__":
    main()
