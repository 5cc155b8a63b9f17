"""Makes the labelled sets into one form: a JSON line per criterion with its answers. Written to target/scoring (not kept), or where DATA says."""
import json, sys, tomllib, zlib, glob, os, random, re
import xml.etree.ElementTree as ET
from pathlib import Path
MAIN = Path(__file__).resolve().parents[2]
SHORT = MAIN.parent / "shared/data/short-answers"
OUT = os.environ.get("DATA", "target/scoring")
os.makedirs(OUT, exist_ok=True)

def write(name, rows):
    with open(f"{OUT}/{name}.jsonl", "w") as f:
        for r in rows: f.write(json.dumps(r) + "\n")
    print(name, len(rows), sum(len(r["answers"]) for r in rows))

def text(e): return " ".join((e.text or "").split())

def short(part, corpus):
    out = {}
    for path in sorted(glob.glob(f"{SHORT}/{part}/{corpus}/*.xml")):
        q = ET.parse(path).getroot()
        refs = [text(r) for r in q.find("referenceAnswers")]
        answers = [(a.get("id"), a.get("accuracy"), text(a)) for a in q.find("studentAnswers")]
        out[q.get("id")] = (text(q.find("questionText")), refs, answers)
    return out

def shorts():
    for corpus in ("sciEntsBank", "beetle"):
        train, test = short("train", corpus), short("test-unseen-answers", corpus)
        name = corpus.lower()
        for kind in ("refs", "full", "wide"):
            rows = {"train": [], "test": []}
            for id, (question, refs, graded) in train.items():
                evidence, opposite = list(refs[1:]), []
                place = {}
                if kind != "refs":
                    for aid, label, t in graded:
                        if label == "correct": place[aid] = ("e", len(evidence)); evidence.append(t)
                        elif label == "contradictory" or kind == "wide": place[aid] = ("o", len(opposite)); opposite.append(t)
                for part, answers in (("train", graded), ("test", test.get(id, (0, 0, []))[2])):
                    rows[part].append(dict(group=id, point_id="ref", question=question, point=refs[0], evidence=evidence, opposite=opposite,
                        answers=[dict(id=a, label={"correct": "made", "contradictory": "contradicted", "incorrect": "not_found"}[l], text=t,
                                      leave=place.get(a) if part == "train" else None) for a, l, t in answers]))
            for part in rows: write(f"{name}-{kind}-{part}", rows[part])

def bank():
    questions = {}
    for path in sorted(glob.glob(f"{MAIN}/questions/*.toml")):
        if path.endswith("template.toml"): continue
        for q in tomllib.load(open(path, "rb")).get("question", []): questions[q["id"]] = q
    return questions

def crit(q, c, answers):
    return dict(group=q["id"], point_id=c["id"], weight=c["weight"], question=q["text"], point=c["point"], evidence=c["evidence"], opposite=c.get("opposite", []), answers=answers)

def banks():
    questions = bank()
    by_row = {}
    for q in questions.values():
        for row in [q["id"], *q.get("covers", [])]: by_row[row] = q
    rows = []
    for path in sorted(glob.glob(f"{MAIN}/tests/answers/*.toml")):
        for a in tomllib.load(open(path, "rb"))["answers"]:
            q = by_row[a["row"]]
            for c in q["criteria"]:
                rows.append(crit(q, c, [dict(id=f"{a['row']}-{k}", label=k, text=" ".join(a[k].split())) for k in ("strong", "vague", "off_topic") if k in a]))
    write("bank", rows)
    graded = []
    for path in sorted(glob.glob(f"{MAIN}/tests/graded/*.jsonl")):
        seen = {}
        for line in open(path):
            try: a = json.loads(line)
            except ValueError: continue
            n = seen[a["question"]] = seen.get(a["question"], 0) + 1
            graded.append((f"{a['question']}-{n}-{os.path.basename(path)[0]}", a))
    rows = []
    for q in questions.values():
        mine = [(i, a) for i, a in graded if a["question"] == q["id"]]
        if mine:
            for c in q["criteria"]:
                rows.append(crit(q, c, [dict(id=i, label=a["points"][c["id"]], grade=a["grade"], text=a["text"]) for i, a in mine if c["id"] in a["points"]]))
    write("graded", rows)
    # adversarial
    rng = random.Random(7)
    lorem = "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et dolore magna aliqua. Ut enim ad minim veniam, quis nostrud exercitation ullamco laboris nisi ut aliquip ex ea commodo consequat. Duis aute irure dolor in reprehenderit in voluptate velit esse cillum."
    rows = []
    small = set("a an the of to and or is are was in on at for with by from as it their they them what who how any each one".split())
    for q in questions.values():
        keys = []
        for c in q["criteria"]: keys += [w.strip(".,;:'").lower() for w in c["point"].split() if w.lower() not in small]
        ev = []
        for c in q["criteria"]:
            for e in rng.sample(c["evidence"], min(4, len(c["evidence"]))): ev += [s.split("|")[0].replace("-", " ") for s in e.split() if s not in small]
        heap1, heap2 = keys[:], ev[:]
        rng.shuffle(heap1); rng.shuffle(heap2)
        sent = lambda p: p[0].lower() + p[1:]
        def neg(p):
            w = p.split(" ", 1)
            return f"I would not {re.sub('ies$', 'y', w[0].lower()) if w[0].endswith('ies') else w[0].lower().removesuffix('s')} {w[1] if len(w) > 1 else ''}".replace("their", "my").replace("they", "I") + "."
        cases = dict(heap_points=" ".join(heap1), heap_evidence=" ".join(heap2), heap_commas=", ".join(heap1) + ".",
            negated=" ".join(neg(c["point"]) for c in q["criteria"]), question=q["text"] + " " + q["text"],
            read_points=". ".join(c["point"] for c in q["criteria"]) + ".", lorem=lorem)
        for c in q["criteria"]:
            rows.append(crit(q, c, [dict(id=k, label=k, text=t) for k, t in cases.items()]))
    write("adversarial", rows)


def key(w):
    """A rough key of how a word sounds."""
    w = re.sub(r"[^a-z]", "", w.lower())
    for a, b in (("ph", "f"), ("gh", "g"), ("kn", "n"), ("wr", "r"), ("ck", "k"), ("tion", "shn"), ("sion", "shn"), ("c", "k"), ("q", "k"), ("x", "ks"), ("z", "s"), ("v", "f"), ("d", "t"), ("b", "p"), ("g", "k")):
        w = w.replace(a, b)
    h = w[:1] if w[:1] not in "aeiouy" else "a"
    w = h + re.sub(r"[aeiouyhw]", "", w[1:])
    return re.sub(r"(.)\1+", r"\1", w)

def distance(a, b):
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        new = [i]
        for j, y in enumerate(b, 1): new.append(min(new[-1] + 1, row[j] + 1, row[j - 1] + (x != y)))
        row = new
    return row[-1]

def misheard(words, vocabulary):
    by = {}
    for w in vocabulary: by.setdefault(key(w), []).append(w)
    alike = {}
    for w in words:
        k = key(w)
        same = [v for v in by.get(k, []) if v != w]
        if not same:
            near = [kk for kk in by if abs(len(kk) - len(k)) <= 1 and distance(kk, k) == 1]
            same = [v for kk in near for v in by[kk] if v != w]
        if same: alike[w] = sorted(same, key=lambda v: (distance(v, w), v))[:3]
    return alike

def more():
    rng = random.Random(11)
    rows = {n: [json.loads(l) for l in open(f"{OUT}/{n}.jsonl")] for n in ("graded", "bank")}
    even = lambda g: zlib.crc32(g.encode()) % 2 == 0
    answers = {}
    for r in rows["graded"]:
        for a in r["answers"]: answers[a["id"]] = (r["group"], a["text"])
    strong = {}
    for r in rows["bank"]:
        for a in r["answers"]:
            if a["label"] == "strong": strong[a["id"]] = (r["group"], a["text"])
    out = []
    for r in rows["graded"]:
        pick = []
        for src, n in ((answers, 3), (strong, 1)):
            others = [i for i in sorted(src) if src[i][0] != r["group"] and even(src[i][0]) == even(r["group"])]
            pick += [dict(id="swap-" + i, label="swapped", text=src[i][1]) for i in rng.sample(others, n)]
        out.append({**r, "answers": pick})
    write("swapped", out)
    texts = [t for _, t in answers.values()] + [t for _, t in strong.values()]
    plain = lambda w: re.sub(r"^[^\w]+|[^\w]+$", "", w).lower()
    vocabulary = sorted({plain(w) for t in texts for w in t.split()} - {""})
    alike = misheard(vocabulary, vocabulary)
    print("words with a neighbour", len(alike), "of", len(vocabulary))
    for rate in (5, 10, 20):
        def spoil(t, i):
            r = random.Random(f"{rate}{i}")
            ws = t.split()
            can = [j for j, w in enumerate(ws) if plain(w) in alike]
            for j in r.sample(can, min(len(can), round(len(ws) * rate / 100))):
                w = ws[j]; p = plain(w); at = w.lower().find(p)
                ws[j] = w[:at] + r.choice(alike[p]) + w[at + len(p):]
            return " ".join(ws)
        for name in ("graded", "bank"):
            write(f"{name}-wer{rate}", [{**r, "answers": [{**a, "text": spoil(a["text"], a["id"])} for a in r["answers"] if a["label"] in ("made", "strong", "partly", "not_found", "contradicted")]} for r in rows[name]])

def few():
    """Rubrics as a user writes them: the same with four or ten phrases of evidence only."""
    for keep in (4, 10):
        for name in ("graded", "swapped"):
            rows = []
            for line in open(f"{OUT}/{name}.jsonl"):
                r = json.loads(line)
                rng = random.Random(f"{keep}{r['group']}{r['point_id']}")
                at = sorted(rng.sample(range(len(r["evidence"])), min(keep, len(r["evidence"]))))
                rows.append({**r, "evidence": [r["evidence"][i] for i in at], "opposite": r["opposite"][:max(1, keep // 4)]})
            write(f"{name}-{keep}", rows)


if __name__ == "__main__":
    shorts()
    banks()
    more()
    few()
