"""Fits the weights of the matcher to what examples/features.rs dumped, and prints the figures.

  fit.py choose            cross-validation on the training halves, for choosing features and penalties
  fit.py write             fits on the training halves, writes src/score/weights.rs and prints the figures on the halves kept aside

numpy only. Logistic regression, penalty on the standardised weights, Newton's method.
"""
import csv
import os
import sys
import textwrap
import zlib

import numpy as np

DATA = os.environ.get("DATA", "target/scoring")
MEANING_ONLY = ("meant3", "counter_meant", "about")
PENALTY = 5.0


def load(name, mode):
    with open(f"{DATA}/{name}.csv") as f:
        head, *rows = csv.reader(f)
    rows = [r for r in rows if r[6] == mode]
    column = lambda i: np.array([r[i] for r in rows])
    return dict(names=head[7:], X=np.array([[float(x) for x in r[7:]] for r in rows]), group=column(0), id=column(3), label=column(4),
                weight=column(2).astype(float), grade=column(5).astype(float))


def part(d, keep):
    return {k: v if k == "names" else v[keep] for k, v in d.items()}


def even(d):
    return np.array([zlib.crc32(g.encode()) % 2 == 0 for g in d["group"]])


def fit(X, y, w, penalty=PENALTY):
    mean, spread = X.mean(0), X.std(0)
    used = spread > 1e-6
    Z = np.c_[(X[:, used] - mean[used]) / spread[used], np.ones(len(X))]
    b, ridge = np.zeros(Z.shape[1]), np.eye(Z.shape[1]) * penalty
    ridge[-1, -1] = 1e-9
    for _ in range(50):
        p = 1 / (1 + np.exp(-Z @ b))
        step = np.linalg.solve((Z * (w * p * (1 - p))[:, None]).T @ Z + ridge, Z.T @ (w * (p - y)) + ridge @ b)
        b -= step
        if abs(step).max() < 1e-9:
            break
    weights = np.zeros(X.shape[1])
    weights[used] = b[:-1] / spread[used]
    return weights, b[-1] - weights @ mean


def predict(X, m):
    return 1 / (1 + np.exp(-(X @ m[0] + m[1])))


def folds(group, k=5):
    return np.array([zlib.crc32(("fold" + g).encode()) % k for g in group])


def f1(y, h):
    return 2 * (y & h).sum() / max(1, y.sum() + h.sum())


def macro(y, h):
    return (f1(y, h) + f1(~y, ~h)) / 2


def auc(y, p):
    u, inv, c = np.unique(p, return_inverse=True, return_counts=True)
    e = np.cumsum(c)
    r = (e - (c - 1) / 2)[inv]
    n = y.sum()
    return (r[y].sum() - n * (n + 1) / 2) / (n * (len(y) - n))


def rank_correlation(a, b):
    def rank(x):
        _, inv, c = np.unique(x, return_inverse=True, return_counts=True)
        return (np.cumsum(c) - (c - 1) / 2)[inv]
    return np.corrcoef(rank(a), rank(b))[0, 1]


def grades(d, level):
    """Rank correlation of the weighted mean level of an answer's points with its grade."""
    ids = sorted(set(d["id"]))
    of = lambda i, x: (d["weight"][d["id"] == i] * x[d["id"] == i]).sum() / d["weight"][d["id"] == i].sum()
    return rank_correlation(np.array([of(i, level) for i in ids]), np.array([d["grade"][d["id"] == i][0] for i in ids]))


def precision_at(y, p, recall=0.3):
    order = np.argsort(-p, kind="stable")
    hits = np.cumsum(y[order])
    at = np.searchsorted(hits / y.sum(), recall)
    return hits[at] / (at + 1), p[order][at]


def best(y, p, score):
    limits = np.unique(np.quantile(p, np.linspace(0.02, 0.98, 97)))
    return max((score(y, p >= t), t) for t in limits)


FEW = 0.02
HEAPS = ("heap_points", "heap_evidence", "heap_commas", "negated", "question", "lorem")


def pattern_parts(mode, half):
    """(data, labels, weights): what is said to patterns. Answers to other questions, about something else and heaps make no point."""
    take = lambda n: (lambda d: part(d, even(d) == (half == "even")))(load(n, mode))
    g, s, b, a = take("graded"), take("swapped"), take("bank"), take("adversarial")
    b, a = part(b, b["label"] == "off_topic"), part(a, np.isin(a["label"], HEAPS))
    # rubrics of few phrases, as users write them, too; there the others' answers must not come near by chance either
    few = [(take(f"{n}-{k}"), w) for k in (4, 10) for n, w in (("graded", 0.2), ("swapped", FEW))]
    return [(g, 1.0), (s, 0.05), (b, 0.3), (a, 0.3), *few]


def sentence_parts(mode, kind="full"):
    """Each answer held against the others to its question ("full"), or against the reference answers alone ("refs")."""
    return [(load(f"{c}-{kind}-train", mode), 1.0) for c in ("scientsbank", "beetle")]


def joined(parts, names, label):
    X = np.concatenate([d["X"][:, [d["names"].index(n) for n in names]] for d, _ in parts])
    y = np.concatenate([d["label"] == label for d, _ in parts]).astype(float)
    return X, y, np.concatenate([np.full(len(d["label"]), w) for d, w in parts]), np.concatenate([d["group"] for d, _ in parts])


def crossed(parts, names, label, penalty=PENALTY, also=()):
    """Predictions for each part (and for others with the same questions), by a model that has not seen the question."""
    X, y, w, g = joined(parts, names, label)
    f = folds(g)
    data = [d for d, _ in parts] + list(also)
    out = [np.zeros(len(d["label"])) for d in data]
    for k in range(5):
        m = fit(X[f != k], y[f != k], w[f != k], penalty)
        for d, o in zip(data, out):
            mine = folds(d["group"]) == k
            o[mine] = predict(d["X"][mine][:, [d["names"].index(n) for n in names]], m)
    return out


PATTERN_FEATURES = ["length", "speech", "found", "heard", "near3", "point", "point_new", "counter", "counter3", "denied", "texts", "meant3", "counter_meant", "about"]


def limit_of_patterns(parts, names):
    """Made: the best F1 at which at most a fifth of the points is granted to answers to other questions. Partly: the best rank correlation."""
    pg, ps, *_ = crossed(parts, names, "made")
    pc = crossed(parts, names, "contradicted")[0]
    g = parts[0][0]
    y, c = g["label"] == "made", g["label"] == "contradicted"
    made = max(best(y, pg, f1)[1], np.quantile(ps, 0.8))
    partly = max((grades(g, (pg >= made) * 0.5 + (pg >= t) * 0.5), t) for t in np.arange(0.05, made, 0.05))[1]
    return made, partly, limit_of_contradicted(c & (pg < made), pc * (pg < made))


def limit_of_contradicted(c, pc, wanted=0.6):
    """The lowest limit with at least the wanted precision; else that of the best precision at a recall of .3."""
    order = np.argsort(-pc, kind="stable")
    precision = np.cumsum(c[order]) / np.arange(1, len(c) + 1)
    enough = np.flatnonzero((precision >= wanted) & (np.arange(len(c)) >= 9))
    return pc[order][enough[-1]] if len(enough) else precision_at(c, pc)[1]


def limit_of_sentences(parts, names):
    out, con = crossed(parts, names, "made"), crossed(parts, names, "contradicted")
    full = range(len(parts))
    score = lambda t: sum(macro(parts[i][0]["label"] == "made", out[i] >= t) for i in full)
    made = max((score(t), t) for t in np.arange(0.2, 0.8, 0.02))[1]
    c = np.concatenate([(parts[i][0]["label"] == "contradicted") & (out[i] < made) for i in full])
    pc = np.concatenate([con[i] * (out[i] < made) for i in full])
    return made, made / 2, limit_of_contradicted(c, pc)


def show_patterns(mode, names, half="even", predictions=None):
    parts = pattern_parts(mode, half)
    take = lambda n: (lambda d: part(d, even(d) == (half == "even")))(load(n, mode))
    bank, adv = take("bank"), take("adversarial")
    pg, ps, *_, pb, pa = crossed(parts, names, "made", also=(bank, adv))
    (g, _), (s, _) = parts[:2]
    made = g["label"] == "made"
    line = []
    for q in (0.1, 0.15, 0.2, 0.25):
        t = np.quantile(ps, 1 - q)
        line.append(f"{q}:{f1(made, pg >= t):.3f}/{macro(made, pg >= t):.3f}")
    t = np.quantile(ps, 0.8)
    rates = [f"{l}={(pb[bank['label'] == l] >= t).mean():.2f}" for l in ("strong", "vague", "off_topic")]
    rates += [f"{l}={(pa[adv['label'] == l] >= t).mean():.2f}" for l in (*HEAPS, "read_points")]
    c = g["label"] == "contradicted"
    pc = crossed(parts, names, "contradicted")[0]
    print(f"  {mode:7s} auc {auc(made, pg):.3f} rank {grades(g, pg):.3f} best F1 {best(made, pg, f1)[0]:.3f} F1/macro at swapped {' '.join(line)} | at .2 (t={t:.2f}) {' '.join(rates)} | contr auc {auc(c, pc):.3f} P@.3 {precision_at(c, pc)[0]:.3f}")


def show_sentences(mode, names, kind="full"):
    parts = sentence_parts(mode, kind)
    out, con = crossed(parts, names, "made"), crossed(parts, names, "contradicted")
    line = []
    for (d, _), p, c in zip(parts, out, con):
        made, contr = d["label"] == "made", d["label"] == "contradicted"
        line.append(f"auc {auc(made, p):.3f} macro@.5 {macro(made, p >= 0.5):.3f} best {best(made, p, macro)[0]:.3f} contr P@.3 {precision_at(contr, c)[0]:.3f}")
    print(f"  {mode:7s} {kind}, SciEntsBank | Beetle:", " | ".join(line))



def models(mode):
    """For patterns and for sentences: names, the two models, the limits."""
    out = {}
    every = load("graded", mode)["names"]
    for kind, parts, names, limits in (("patterns", pattern_parts(mode, "even"), PATTERN_FEATURES, limit_of_patterns),
                                       ("sentences", sentence_parts(mode), every, limit_of_sentences),
                                       ("alone", sentence_parts(mode, "refs"), every, limit_of_sentences)):
        names = [n for n in names if mode == "meaning" or n not in MEANING_ONLY]
        m = {}
        for label in ("made", "contradicted"):
            X, y, w, _ = joined(parts, names, label)
            weights, constant = fit(X, y, w)
            full = np.zeros(len(every))
            full[[every.index(n) for n in names]] = weights
            m[label] = (full, constant)
        out[kind] = (m, limits(parts, names))
    return out


def verdicts(d, m, limits):
    made, contr = predict(d["X"], m["made"]), predict(d["X"], m["contradicted"])
    v = np.where(made >= limits[0], "made", np.where(made >= limits[1], "partly", "not_found"))
    return np.where((contr >= limits[2]) & (made < limits[0]), "contradicted", v), made, contr


def report(mode, fitted):
    lines = []
    say = lambda t: (print(t), lines.append(t))
    m, limits = fitted["patterns"]
    for half in ("even", "odd"):
        take = lambda n: (lambda d: part(d, even(d) == (half == "even")))(load(n, mode))
        g = take("graded")
        v, made, contr = verdicts(g, m, limits)
        y, c = g["label"] == "made", g["label"] == "contradicted"
        level = (v == "made") * 1.0 + (v == "partly") * 0.5
        said = f"graded {half}: F1 of made {f1(y, v == 'made'):.3f} (macro {macro(y, v == 'made'):.3f}), rank correlation {grades(g, level):.3f} by levels, {grades(g, made):.3f} by probabilities"
        h = v == "contradicted"
        say(f"{mode}, {said}; contradicted: precision {(h & c).sum() / max(1, h.sum()):.2f} at recall {(h & c).sum() / c.sum():.2f}")
        b, s, a = take("bank"), take("swapped"), take("adversarial")
        rate = lambda d, l: ((verdicts(d, m, limits)[0] == "made")[d["label"] == l]).mean()
        say(f"{mode}, {half}, points granted: " + ", ".join(f"{l} {rate(d, l):.3f}" for d, ls in ((b, ("strong", "vague", "off_topic")), (s, ("swapped",)), (a, (*HEAPS, "read_points"))) for l in ls))
        for k in (4, 10):
            n, o = take(f"graded-{k}"), take(f"swapped-{k}")
            v = verdicts(n, m, limits)[0]
            say(f"{mode}, {half}, with {k} phrases of evidence: F1 of made {f1(n['label'] == 'made', v == 'made'):.3f}, rank correlation {grades(n, (v == 'made') * 1.0 + (v == 'partly') * 0.5):.3f}, swapped {(verdicts(o, m, limits)[0] == 'made').mean():.3f}")
        for errors in (5, 10, 20):
            if os.path.exists(f"{DATA}/graded-wer{errors}.csv"):
                lost, of = 0, 0
                for name, base in (("graded", g), ("bank", part(b, b["label"] == "strong"))):
                    n = take(f"{name}-wer{errors}")
                    n = part(n, n["label"] != "x")
                    before, after = verdicts(base, m, limits)[0] == "made", verdicts(n, m, limits)[0] == "made"
                    assert (base["id"] == n["id"]).all()
                    lost += (before & ~after).sum() - 0
                    of += before.sum()
                say(f"{mode}, {half}, {errors} % of the words misheard: {lost / of:.3f} of the points lost")
    for corpus in ("scientsbank", "beetle"):
        for kind in ("full", "wide", "refs") if mode == "words" else ("refs",):
            if not os.path.exists(f"{DATA}/{corpus}-{kind}-test.csv"):
                continue
            m, limits = fitted["alone" if kind == "refs" else "sentences"]
            d = load(f"{corpus}-{kind}-test", mode)
            v, made, contr = verdicts(d, m, limits)
            y, c = d["label"] == "made", d["label"] == "contradicted"
            h = v == "contradicted"
            say(f"{mode}, {corpus} {kind}: macro F1 {macro(y, v == 'made'):.3f}; contradicted: precision {precision_at(c, contr)[0]:.2f} at recall .30, by the limit {(h & c).sum() / max(1, h.sum()):.2f} at {(h & c).sum() / c.sum():.2f}")
    return lines


HEAD = """//! Weights and limits of the matcher. Written by `scripts/scoring/fit.py write`; not to be edited.
//!
//! Fitted {date} by logistic regression (penalty {penalty} on the standardised weights), the limits chosen by cross-validation over questions.
//! Patterns: answers of three writers graded point by point, to questions whose id has an even CRC-32; with little weight, answers to other questions,
//! about something else, and heaps of key words, which make no point. Sentences: the training part of SemEval-2013 Task 7 (`SciEntsBank`, Beetle), each
//! answer held against the others to its question; for criteria without opposites, against the reference answers alone. Measured on what was kept aside
//! (odd questions, unseen answers): "swapped" are answers to other questions, "wide" counts incorrect answers as opposites, "refs" has the reference
//! answers alone.
//!
//! ```text
{figures}
//! ```

use serde::Serialize;

use super::criterion::Kind;
use super::matcher::FEATURES;

/// One logistic regression; the weights in the order of [`super::matcher::NAMES`].
#[derive(Serialize)]
pub(super) struct Row {{
    pub weights: [f32; FEATURES],
    pub constant: f32,
}}

/// Probabilities from which a verdict is given.
#[derive(Serialize)]
pub(super) struct Limits {{
    pub made: f32,
    pub partly: f32,
    pub contradicted: f32,
}}

/// All for one kind of criterion.
#[derive(Serialize)]
pub(super) struct Rows {{
    pub made: Row,
    pub contradicted: Row,
    pub limits: Limits,
}}

/// The rows for a kind of criterion, with meaning or with words alone.
pub(super) fn rows(kind: Kind, meaning: bool) -> &'static Rows {{
    match (kind, meaning) {{
        (Kind::Patterns, true) => &PATTERNS_MEANING,
        (Kind::Patterns, false) => &PATTERNS_WORDS,
        (Kind::Sentences, _) => &SENTENCES_WORDS,
        (Kind::Alone, true) => &ALONE_MEANING,
        (Kind::Alone, false) => &ALONE_WORDS,
    }}
}}
"""


def write():
    every = load("graded", "meaning")["names"]
    fitted = {mode: models(mode) for mode in ("meaning", "words")}
    lines = [l for mode in fitted for l in report(mode, fitted[mode])]
    kept = [l for l in lines if " even" not in l]
    out = HEAD.format(date=os.environ.get("DATE", "2026-11-26"), penalty=PENALTY, figures="\n".join("\n".join(textwrap.wrap("- " + l, 146, initial_indent="//! ", subsequent_indent="//!   ")) for l in kept))
    for kind in ("patterns", "sentences", "alone"):
        for mode in ("meaning", "words"):
            if (kind, mode) == ("sentences", "meaning"):
                continue  # by words alone: on the training part meaning adds nothing (see `choose s`)
            m, limits = fitted[mode][kind]
            number = lambda x: f"{x:.4f}"
            row = lambda r: "Row {\n        weights: [" + ", ".join(number(x) for x in r[0]) + "],\n        constant: " + number(r[1]) + ",\n    }"
            out += f"\n#[rustfmt::skip]\nstatic {kind.upper()}_{mode.upper()}: Rows = Rows {{\n    // {' '.join(every)}\n    made: {row(m['made'])},\n    contradicted: {row(m['contradicted'])},\n"
            out += f"    limits: Limits {{ made: {number(limits[0])}, partly: {number(limits[1])}, contradicted: {number(limits[2])} }},\n}};\n"
    open("src/score/weights.rs", "w").write(out)


def choose(kinds):
    every = load("graded", "meaning")["names"]
    sets = {"all": every, "patterns": PATTERN_FEATURES, **{"-" + n: [x for x in every if x != n] for n in every}}
    for label, names in sets.items():
        print(label)
        for mode in ("words", "meaning"):
            if "p" in kinds:
                show_patterns(mode, names)
            if "s" in kinds:
                show_sentences(mode, names)
                show_sentences(mode, names, "refs")


if __name__ == "__main__":
    if sys.argv[1] == "choose":
        choose(sys.argv[2])
    elif sys.argv[1] == "write":
        write()
