"""Sessions looked at again: how soon a page is written, opened and found in, how large it is, and how long the list of many sessions takes."""
import json, re, shutil, statistics, subprocess, tempfile, time
from pathlib import Path

from common import PROJECT, VIVA, figure, home, speech
from of_review import sessions

TRIES = 5


def interview(environment, folder, minutes):
    """A session of so many minutes: answers of two minutes each, one transcribed, the others its copies. Its folder."""
    text = (PROJECT / "scripts/demonstration/minute.txt").read_text()
    spoken = speech(folder / "answer-22.wav", text + "\n" + text, speed=150)
    # as a microphone records
    answer = folder / "answer.wav"
    subprocess.run(["sox", spoken, "-r", "48000", answer, "rate", "trim", "0", "120"], check=True)
    command = [VIVA, "practice", "--model", "demo", "--demonstration", "--question", "psc-unhappy-patient", "--from", answer]
    subprocess.run(command, env=environment, check=True, capture_output=True, stdin=subprocess.DEVNULL)
    (session,) = (folder / "sessions").iterdir()
    record = json.loads((session / "session.json").read_text())
    for number in range(2, minutes // 2 + 1):
        shutil.copytree(session / "01", session / f"{number:02}", copy_function=lambda source, target: Path(target).hardlink_to(source) if source.endswith(".wav") else shutil.copyfile(source, target))
    record["questions"] = record["questions"][:1] * (minutes // 2)
    (session / "session.json").write_text(json.dumps(record, indent=2) + "\n")
    return session


def exported(session, environment, page):
    """Seconds to write the page, the median of a few."""
    times = []
    for _ in range(TRIES):
        begun = time.perf_counter()
        subprocess.run([VIVA, "export", session.name, "--html", page], env=environment, check=True, capture_output=True)
        times.append(time.perf_counter() - begun)
    return statistics.median(times)


def looked_at(address):
    """What a browser says of a page: words, milliseconds until it can be used, milliseconds of each seek, and how far the seeks missed."""
    kit = subprocess.run([PROJECT / "scripts/page-kit"], check=True, capture_output=True, text=True).stdout.strip()
    told = subprocess.run(["node", PROJECT / "scripts/benchmarks/of_review/page.mjs", address], env={**subprocess.os.environ, "PAGE_KIT": kit}, check=True, capture_output=True, text=True)
    return json.loads(told.stdout)


def shown(name, seen):
    print(f"  {name}: {seen['words']} words; can be used after {seen['ready']:.0f} ms; seeks {', '.join(f'{s:.0f}' for s in sorted(seen['seeks']))} ms, "
          f"the first, which opens the sound, {seen['first']:.0f} ms; at most {seen['off']:.0f} ms off")


def main():
    folder, environment = home()
    session = interview(environment, folder, 10)
    page = folder / "ten.html"
    seconds = exported(session, environment, page)
    size = page.stat().st_size / 1e6
    print(f"A session of 10 minutes in 5 answers: written in {seconds:.2f} s, {size:.2f} MB")
    shutil.rmtree(folder)

    folder, environment = home()
    session = interview(environment, folder, 60)
    page = folder / "hour.html"
    seconds_of_hour = exported(session, environment, page)
    print(f"An interview of 60 minutes in 30 answers: written in {seconds_of_hour:.2f} s, {page.stat().st_size / 1e6:.1f} MB")
    as_file = looked_at(page.as_uri())
    shown("as one file", as_file)
    begun = time.perf_counter()
    server = subprocess.Popen([VIVA, "review", session.name, "--no-browser"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    address = server.stdout.readline().strip()
    there = 1000 * (time.perf_counter() - begun)
    served = looked_at(address)
    server.terminate()
    shown(f"served (there after {there:.0f} ms)", served)
    shutil.rmtree(folder)
    figure("export-10-minutes", seconds, "s", 1)
    figure("export-10-minutes-size", size, "MB", 12)
    figure("hour-usable-as-file", as_file["ready"], "ms", 500)
    figure("hour-usable-served", served["ready"], "ms", 500)
    figure("hour-seek-as-file", statistics.median(as_file["seeks"]), "ms", 50)
    figure("hour-seek-served", statistics.median(served["seeks"]), "ms", 50)
    sessions.run()


main()
