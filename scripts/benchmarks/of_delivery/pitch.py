"""How high the voice is, against Praat's autocorrelation method, on made voices, made glides and people."""
import array, math, subprocess, wave

RATE, STEP = 16_000, 0.01
OFF = 0.2  # of a frame's pitch: further off is an error

# first Praat's standard range, then the speaker's own within 60 to 600 Hz, by the rule of De Looze and Hirst (2008)
PRAAT = """
form Track
    sentence List
    sentence Folder
endform
list = Read Strings from raw text file: list$
count = Get number of strings
for file from 1 to count
    selectObject: list
    path$ = Get string: file
    sound = Read from file: path$
    @track: 75, 600, "fixed"
    low = Get quantile: 0, 0, 0.25, "Hertz"
    high = Get quantile: 0, 0, 0.75, "Hertz"
    removeObject: pitch
    if low <> undefined
        @track: max (low * 0.75, 60), min (high * 1.5, 600), "own"
        removeObject: pitch
    else
        writeFile: folder$ + "/" + string$ (file) + ".own", ""
    endif
    removeObject: sound
endfor

# Praat centres its frames in the sound; the sound is cut so that they fall on whole centiseconds, as ours do
procedure track: .floor, .ceiling, .name$
    selectObject: sound
    .duration = Get total duration
    for .half from 0 to 1
        selectObject: sound
        .from = .half * 0.005
        .to = .from + floor ((.duration - .from) / 0.01) * 0.01 + 0.00001
        .part = Extract part: .from, .to, "rectangular", 1, "yes"
        pitch = noprogress To Pitch (ac): 0.01, .floor, 15, "no", 0.03, 0.45, 0.01, 0.35, 0.14, .ceiling
        .first = Get time from frame number: 1
        .off = abs (.first * 100 - round (.first * 100))
        removeObject: .part
        if .off < 0.1
            .half = 1
        elsif .half = 0
            removeObject: pitch
        endif
    endfor
    .frames = Get number of frames
    .out$ = folder$ + "/" + string$ (file) + "." + .name$
    writeFile: .out$, .first, newline$
    for .frame from 1 to .frames
        .f = Get value in frame: .frame, "Hertz"
        appendFile: .out$, if .f = undefined then 0 else .f fi, newline$
    endfor
endproc
"""

TEXTS = [
    "Well, last year I worked on a ward with many older patients. One evening a daughter was angry, because nobody had told her about the fall. Would I do it again? Yes, I think I would.",
    "I stayed calm and let her finish. Then I said how sorry I was, and what we would do now. Why did that help? It showed that somebody was listening.",
]
VOICES = [("en-us", p) for p in (20, 35, 50, 65, 80)] + [("en-us+f3", p) for p in (30, 50, 70)] + [("en-gb-x-rp", p) for p in (20, 50, 80)]
VOICES += [("en-gb-scotland", 40), ("en-us+m3", 40), ("en-us+f4", 60), ("en-gb+m7", 30), ("de", 50)]


def convert(source, target):
    subprocess.run(["sox", source, "-r", str(RATE), "-c", "1", "-b", "16", target], check=True, capture_output=True)
    return target


def voices(folder):
    for i, (voice, pitch) in enumerate(VOICES):
        raw = folder / "raw.wav"
        subprocess.run(["espeak-ng", "-v", voice, "-p", str(pitch), "-s", "150", "-w", raw, TEXTS[i % 2]], check=True)
        yield convert(raw, folder / f"voice-{voice}-{pitch}.wav")


def glide(path, low, high, seconds, gap, slope, exponential):
    """Up and down twice, with silence before, between and after; harmonics up to 7 kHz that fall by `slope` dB an octave."""
    samples = array.array("h")
    silence = array.array("h", [0] * int(gap * RATE))
    phase = 0.0
    samples.extend(silence)
    for start, end in [(low, high), (high, low)] * 2:
        for i in range(int(seconds * RATE)):
            part = i / (seconds * RATE)
            f = start * (end / start) ** part if exponential else start + (end - start) * part
            phase += 2 * math.pi * f / RATE
            edge = min(1.0, part * 50, (1 - part) * 50)
            samples.append(int(4000 * edge * sum(k ** (-slope / 6.02) * math.sin(k * phase) for k in range(1, min(30, int(7000 / f)) + 1))))
        samples.extend(silence)
    with wave.open(str(path), "wb") as out:
        out.setparams((1, 2, RATE, 0, "NONE", ""))
        out.writeframes(samples.tobytes())
    return path


def glides(folder):
    shapes = [(80, 300, 1.5, 0.3, 6, False), (80, 300, 1.0, 0.5, 6, True), (120, 350, 0.6, 0.2, 12, True), (90, 180, 0.8, 0.4, 9, False), (150, 500, 1.2, 0.25, 9, True)]
    for i, shape in enumerate(shapes):
        yield glide(folder / f"glide-{i}.wav", *shape)


def people(folder, recordings):
    for source in sorted(p for p in recordings.iterdir() if p.suffix in (".wav", ".flac")):
        yield convert(source, folder / f"people-{source.stem}.wav")


def praat(files, folder):
    """For each file two pairs of the time of the first frame and hertz by frame (0: unvoiced): with 75 to 600 Hz, and with the speaker's own range."""
    (folder / "track.praat").write_text(PRAAT)
    (folder / "files.txt").write_text("".join(f"{f}\n" for f in files))
    subprocess.run(["praat", "--run", folder / "track.praat", folder / "files.txt", folder], check=True)
    read = lambda path: [float(line) for line in path.read_text().split()] or [0.0]
    pairs = lambda i: [read(folder / f"{i}.{name}") for name in ("fixed", "own")]
    return [[(values[0], values[1:]) for values in pairs(i)] for i in range(1, len(files) + 1)]


def compare(track, first, theirs):
    """Frames voiced in both, those of them that are off, frames, those of them where voicing agrees."""
    start = round(first / STEP)
    pairs = [(track[start + i] if start + i < len(track) else 0.0, f) for i, f in enumerate(theirs)]
    both = [(a, b) for a, b in pairs if a and b]
    return len(both), sum(abs(a / b - 1) > OFF for a, b in both), len(pairs), sum(bool(a) == bool(b) for a, b in pairs)


def line(name, counts):
    cells = []
    for both, off, frames, agree in counts:
        cells.append(f"{100 * off / max(1, both):7.2f} % of {both:6d}  {100 * agree / max(1, frames):7.2f} % of {frames:6d}")
    print(f"{name:28}" + "   ".join(cells), flush=True)


def add(sums, counts):
    return [tuple(x + y for x, y in zip(a, b)) for a, b in zip(sums, counts)]


def measure(folder, recordings, measures_of):
    """Prints the table; rows for `figure`, and the recordings of people at 16 kHz."""
    groups = [("made voices", list(voices(folder))), ("glides", list(glides(folder))), ("people", list(people(folder, recordings)))]
    files = [f for _, group in groups for f in group]
    references = dict(zip(files, praat(files, folder)))
    print(f"{'Pitch':28}{'against Praat with 75 to 600':47}{'against Praat in own range':47}Praat with 75 to 600, against it in own range")
    print(f"{'':28}" + "   ".join(["off by a fifth        voicing agrees      "] * 3))
    nothing = [(0, 0, 0, 0)] * 3
    overall = nothing
    for name, group in groups:
        sums = nothing
        for file in group:
            track = (measures_of(file)["pitch"] or {"track": []})["track"]
            (first, fixed), own = references[file]
            counts = [compare(track, first, fixed), compare(track, *own), compare([0.0] * round(first / STEP) + fixed, *own)]
            sums = add(sums, counts)
        line(name, sums)
        overall = add(overall, sums)
    line("overall", overall)
    rows = []
    for name, (both, off, frames, agree) in zip(("standard", "own-range"), overall):
        rows.append((f"pitch-off-from-praat-{name}", 100 * off / max(1, both), "%", 1, "less"))
        rows.append((f"voicing-as-praat-{name}", 100 * agree / max(1, frames), "%", 95, "more"))
    return rows, groups[2][1]
