/* The review page: plays answers, lights the word that is heard, takes a coach's notes and ratings. It reads only what stands in the page (data-*),
   writes text with textContent only, asks the network for nothing, and keeps nothing but a draft of what the coach wrote. */
(() => {
  "use strict";

  const root = document.documentElement;
  const find = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const SKIP = 5000;
  // a word stays lit a little past its end, so that the light does not flicker between words
  const LINGER = 150;

  root.classList.add("js");

  // ---------- small things ----------

  function clock(ms) {
    const seconds = Math.floor(ms / 1000);
    const two = (n) => String(n).padStart(2, "0");
    const hours = Math.floor(seconds / 3600);
    return hours ? `${hours}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}` : `${Math.floor(seconds / 60)}:${two(seconds % 60)}`;
  }

  const within = (value, low, high) => Math.min(high, Math.max(low, value));

  function say(text) {
    find("[data-status]").textContent = text;
  }

  function element(tag, className, text) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  function button(text, className, act) {
    const made = element("button", className, text);
    made.type = "button";
    if (act) made.addEventListener("click", act);
    return made;
  }

  /** The index of the last start that is not after `at`; -1 where all are. */
  function lastBefore(starts, at) {
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (starts[middle] <= at) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  // storage is forbidden to some pages opened as files: then nothing is kept, and nothing breaks
  const store = {
    get(key) { try { return localStorage.getItem(key); } catch { return null; } },
    set(key, value) { try { localStorage.setItem(key, value); } catch { /* see above */ } },
    remove(key) { try { localStorage.removeItem(key); } catch { /* see above */ } },
  };

  // ---------- recordings ----------

  const recordings = new Map();

  /** A recording by its id. Its words are looked at when it is first heard, not when the page opens. */
  function recording(id) {
    if (!recordings.has(id)) {
      const section = find(`[data-recording="${CSS.escape(id)}"]`);
      recordings.set(id, section && {
        id, section,
        audio: find(`audio[data-audio="${CSS.escape(id)}"]`),
        packed: find(`script[data-sound="${CSS.escape(id)}"]`),
        name: section.dataset.name,
        duration: Number(section.dataset.duration),
        begin: Number(section.dataset.begin),
        end: Number(section.dataset.end),
        head: find(".playhead", section),
        words: null, starts: null,
      });
    }
    return recordings.get(id);
  }

  function wordsOf(of) {
    if (!of.words) {
      of.words = all(".w", of.section);
      of.starts = Int32Array.from(of.words, (w) => Number(w.dataset.at));
    }
    return of.words;
  }

  const idOf = (place) => place.closest("[data-in]")?.dataset.in ?? place.closest("[data-main]")?.dataset.main;

  // ---------- the player ----------

  const player = find("[data-player]");
  const position = find("[data-position]");
  const shown = { second: -1 };
  let current = null;
  let lit = null;
  let following = true;
  // where to go once the sound is known; until then the audio element ignores it
  let wanted = null;

  // the sounds stand at the end of the page: what is asked for before they are there is done then
  const opening = () => document.readyState === "loading";
  let later = null;

  const now = () => wanted ?? (current?.audio ? current.audio.currentTime * 1000 : 0);

  function choose(id) {
    const next = recording(id);
    if (!next || next === current) return next;
    current?.audio?.pause();
    light(null);
    current = next;
    wanted = null;
    shown.second = -1;
    // one recording after the other is heard: only what is being looked at is decoded
    if (current.audio) {
      unpack(current);
      current.audio.preload = "auto";
      listen(current);
      current.audio.playbackRate = Number(find("[data-speed]").value);
    }
    position.max = String(current.duration);
    find("[data-playing]").textContent = current.audio || opening() ? current.name : `${current.name}: the recording is not in this page`;
    for (const control of all(".controls button:not([data-do=save], [data-do=note]), .controls input, .controls select", player)) control.disabled = !current.audio;
    showTakes();
    refresh();
    return current;
  }

  /** A sound that stands in the page: letters of windows-1252 are its bytes, and "=" says that bit 6 of the next one is another. */
  function unpack(of) {
    if (!of.packed || of.audio.src) return;
    const letters = new TextDecoder("windows-1252").decode(Uint8Array.from({ length: 256 }, (_, i) => i));
    const table = new Uint8Array(0x10000);
    for (let byte = 0; byte < 256; byte++) table[letters.charCodeAt(byte)] = byte;
    const text = of.packed.textContent;
    const sound = new Uint8Array(text.length);
    let length = 0;
    for (let i = 0; i < text.length; i++) {
      const letter = text.charCodeAt(i);
      sound[length++] = letter === 61 ? table[text.charCodeAt(++i)] ^ 64 : table[letter];
    }
    of.audio.src = URL.createObjectURL(new Blob([sound.subarray(0, length)], { type: "audio/flac" }));
  }

  function listen(of) {
    if (of.heard) return;
    of.heard = true;
    of.audio.addEventListener("loadedmetadata", () => { if (of === current && wanted !== null) seek(wanted); });
    for (const event of ["play", "pause", "ended", "seeked"]) of.audio.addEventListener(event, () => { if (of === current) refresh(); });
    of.audio.addEventListener("error", () => { if (of === current) say("The recording could not be played."); });
  }

  function play() {
    if (!current?.audio) return;
    following = true;
    current.audio.play().catch((problem) => { if (problem.name !== "AbortError") say("The recording could not be played."); });
    requestAnimationFrame(tick);
  }

  function toggle() {
    if (!current?.audio) return;
    if (current.audio.paused) play();
    else current.audio.pause();
  }

  function seek(ms) {
    if (!current?.audio) return;
    const to = within(ms, 0, current.duration);
    const known = current.audio.readyState >= HTMLMediaElement.HAVE_METADATA;
    wanted = known ? null : to;
    if (known) current.audio.currentTime = to / 1000;
    else if (current.audio.networkState !== HTMLMediaElement.NETWORK_LOADING) current.audio.load();
    show(to);
  }

  function playFrom(id, ms) {
    if (!choose(id)) return;
    reveal(current.section);
    if (!current.audio && opening()) later = { id, ms };
    following = true;
    seek(ms);
    play();
  }

  function tick() {
    if (!current?.audio || current.audio.paused) return;
    show(now());
    requestAnimationFrame(tick);
  }

  /** Brings everything that shows the player's state up to date. */
  function refresh() {
    const playing = Boolean(current?.audio && !current.audio.paused);
    const control = find('[data-do="play"]');
    control.classList.toggle("on-air", playing);
    control.setAttribute("aria-label", playing ? "Pause" : "Play");
    if (current) show(now());
    if (playing) requestAnimationFrame(tick);
  }

  function show(ms) {
    position.value = String(ms);
    const second = Math.floor(ms / 1000);
    if (second !== shown.second) {
      shown.second = second;
      find("[data-clock]").textContent = `${clock(ms)} / ${clock(current.duration)}`;
      position.setAttribute("aria-valuetext", `${clock(ms)} of ${clock(current.duration)}`);
    }
    if (current.head) current.head.style.transform = `translateX(${(100 * ms) / current.duration}%) translateX(-2px)`;
    // before anything was heard nothing is lit, and the words need not be looked at
    if (ms > 0 || current.words) light(wordAt(current, ms));
  }

  function wordAt(of, ms) {
    const words = wordsOf(of);
    const at = lastBefore(of.starts, ms);
    return at >= 0 && ms <= Number(words[at].dataset.to) + LINGER ? words[at] : null;
  }

  function light(word) {
    if (word === lit) return;
    lit?.classList.remove("now");
    lit = word;
    if (!lit) return;
    lit.classList.add("now");
    if (following && current.audio && !current.audio.paused) keepInSight(lit);
  }

  /** Scrolls only where the word is out of the comfortable middle, and never against somebody who scrolls. */
  function keepInSight(word) {
    const box = word.getBoundingClientRect();
    const foot = innerHeight - player.offsetHeight;
    if (box.top > 60 && box.bottom < foot - 40) return;
    word.scrollIntoView({ block: "center", behavior: calm.matches ? "auto" : "smooth" });
  }

  for (const event of ["wheel", "touchmove"]) addEventListener(event, () => { following = false; }, { passive: true });

  // ---------- views and takes ----------

  const views = all("[data-view]");
  const view = () => views.find((v) => !v.hasAttribute("data-off"));

  function open(id, focus) {
    const next = views.find((v) => v.id === id) ?? views[0];
    if (next === view()) return;
    current?.audio?.pause();
    for (const v of views) v.toggleAttribute("data-off", v !== next);
    for (const link of all("nav a")) {
      if (link.hash === `#${next.id}`) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    const take = takeOf(next);
    if (take) choose(take.dataset.main);
    if (focus) {
      scrollTo({ top: 0, behavior: "auto" });
      find("h2", next).focus({ preventScroll: true });
    }
  }

  /** Goes to a view in the way that a link does, so that the browser's way back works. */
  function go(id) {
    history.pushState(null, "", `#${id}`);
    open(id, true);
  }

  function step(by) {
    const next = views[views.indexOf(view()) + by];
    if (next) go(next.id);
  }

  const takesOf = (section) => all("article[data-take]", section);
  const takeOf = (section) => takesOf(section).find((a) => !a.hasAttribute("data-off"));

  function showTake(section, article) {
    for (const other of takesOf(section)) other.toggleAttribute("data-off", other !== article);
    for (const control of all("[data-do=take]", section)) control.setAttribute("aria-pressed", String(control.dataset.take === article.dataset.take));
  }

  function showTakes() {
    const place = find("[data-player-takes]");
    const section = current.section.closest("[data-question]");
    const takes = takesOf(section);
    const heard = current.section.closest("article");
    place.replaceChildren(...(takes.length < 2 ? [] : takes.map((article) => {
      const made = button(`Take ${article.dataset.take}`, "", () => switchTo(article));
      made.setAttribute("aria-pressed", String(article === heard));
      return made;
    })));
  }

  /** Makes the view and the take visible in which a place lies. */
  function reveal(place) {
    const section = place.closest("[data-view]");
    const article = place.closest("article[data-take]");
    if (article) showTake(section, article);
    if (section !== view()) go(section.id);
  }

  /** The same place of another take: as far between its first and its last word. */
  function matching(from, to, ms) {
    const share = (ms - from.begin) / Math.max(1, from.end - from.begin);
    return to.begin + within(share, 0, 1) * (to.end - to.begin);
  }

  function switchTo(article) {
    const from = current;
    const playing = Boolean(from?.audio && !from.audio.paused);
    const to = recording(article.dataset.main);
    if (!to || to === from) return;
    const inStep = from && from.section.closest("[data-question]") === article.closest("[data-question]") && now() > 0;
    const at = inStep ? matching(from, to, now()) : 0;
    showTake(article.closest("[data-question]"), article);
    choose(to.id);
    seek(at);
    if (playing) play();
    say(`Take ${article.dataset.take}, at ${clock(at)}`);
  }

  function stepTake(by) {
    const takes = takesOf(view());
    const next = takes[takes.indexOf(takeOf(view())) + by];
    if (next) switchTo(next);
  }

  // ---------- what is pointed at ----------

  function pointed(event) {
    const lanes = event.target.closest("[data-lanes]");
    const of = lanes && recording(idOf(lanes));
    if (!of) return null;
    const box = find(".over", lanes).getBoundingClientRect();
    return { lanes, of, ms: within((event.clientX - box.left) / box.width, 0, 1) * of.duration };
  }

  function showPointed(event) {
    const at = pointed(event);
    for (const tip of all(".pointed")) if (!at || !at.lanes.contains(tip)) tip.style.visibility = "hidden";
    if (!at) return;
    const tip = find(".pointed", at.lanes);
    tip.textContent = clock(at.ms);
    tip.style.visibility = "visible";
    tip.style.left = `${within((100 * at.ms) / at.of.duration, 0, 92)}%`;
  }

  /** Marks the words of a quote while it is pointed at. */
  function showQuoted(event) {
    for (const word of all(".pointed-at")) word.classList.remove("pointed-at");
    const place = event.target.closest("button[data-to]");
    const of = place && recording(idOf(place));
    if (!of) return;
    const words = wordsOf(of);
    for (let i = lastBefore(of.starts, Number(place.dataset.at) - 1) + 1; i < words.length && of.starts[i] < Number(place.dataset.to); i++) words[i].classList.add("pointed-at");
  }

  function clicked(event) {
    // after a click with the mouse the space bar pauses; it must not press the same button once more
    if (event.detail > 0) event.target.closest("button[data-at], .player button")?.blur();
    const command = event.target.closest("[data-do]");
    if (command) return void commands[command.dataset.do]?.(command);
    const link = event.target.closest("[data-take-link]");
    if (link) showTake(find(link.hash), find(`article[data-take="${link.dataset.takeLink}"]`, find(link.hash)));
    const place = event.target.closest("[data-at]");
    if (!place) {
      const at = pointed(event);
      if (at) playFrom(at.of.id, at.ms);
      return;
    }
    if (marking && place.closest(".transcript") && place.matches(".w, .mark")) return markFiller(place);
    // a click that ends a selection of text is none
    if (place.matches(".w, .mark") && String(getSelection())) return;
    playFrom(idOf(place), Number(place.dataset.at));
  }

  // ---------- what the coach writes ----------

  const coachPage = root.hasAttribute("data-coach");
  const draftKey = `viva-notes ${root.dataset.session} ${root.dataset.pageSha256}`;
  let written = { notes: [], fillers: [], before: {}, after: {}, revealed_at: null };
  let unsaved = false;
  let marking = false;
  let writing = null;

  function changed() {
    markUnsaved(true);
    store.set(draftKey, JSON.stringify({ coach: coachName(), written }));
  }

  /** There is a button to save only where there is something to save. */
  function markUnsaved(is) {
    unsaved = is;
    const control = find('[data-do="save"]');
    if (is) control.hidden = false;
    control.classList.toggle("main", is);
  }

  const coachName = () => find("[data-coach-name]")?.value.trim() ?? "";

  /** Question, take and part, as numbers and words, of a recording. */
  function whereIs(of) {
    const take = of.section.closest("article");
    return {
      question: Number(take.closest("[data-question]").dataset.question),
      take: Number(take.dataset.take),
      part: of.id === take.dataset.main ? "answer" : "follow_up",
    };
  }

  const recordingAt = ({ question, take, part }) => recording(`q${question}t${take}${part === "follow_up" ? "f" : ""}`);

  function beginNote(note) {
    if (!current || (!note && !view().hasAttribute("data-question"))) return say("Open a question first: a note stands at a moment of an answer.");
    if (note) choose(recordingAt(note).id);
    writing = { note, of: current, from: document.activeElement, at: note?.at_ms ?? Math.round(now()), playing: Boolean(current.audio && !current.audio.paused) };
    current.audio?.pause();
    find("[data-note-label]").textContent = `${current.name}: your note at ${clock(writing.at)}`;
    const text = find("[data-note-text]");
    text.value = note?.text ?? "";
    find("[data-note-form]").hidden = false;
    text.focus();
  }

  function endNote(keep) {
    if (!writing) return;
    const { note, of, from, at, playing } = writing;
    const text = find("[data-note-text]").value.trim();
    if (keep && text && note) note.text = text;
    if (keep && text && !note) written.notes.push({ ...whereIs(of), at_ms: at, text });
    writing = null;
    find("[data-note-form]").hidden = true;
    if (keep && text) {
      changed();
      showNotes();
      say("Note kept");
    }
    // back to where the writer came from: the space bar then plays again
    document.activeElement.blur();
    if (from !== document.body && from.isConnected) from.focus({ preventScroll: true });
    if (playing) play();
  }

  function dropNote(note) {
    written.notes.splice(written.notes.indexOf(note), 1);
    changed();
    showNotes();
    say("Note removed");
  }

  /** The notes of this coach, each in the margin beside its moment. */
  function showNotes() {
    for (const old of all(".note.own")) old.remove();
    for (const note of [...written.notes].sort((a, b) => a.at_ms - b.at_ms)) {
      const of = recordingAt(note);
      if (!of) continue;
      const rows = all(".row", of.section);
      const at = lastBefore(rows.map((r) => Number(r.dataset.from)), note.at_ms);
      find("[data-notes]", rows[Math.max(0, at)]).append(noteItem(note, of));
    }
  }

  function noteItem(note, of) {
    const item = element("li", "note own");
    const time = button(clock(note.at_ms), "play");
    time.dataset.at = String(note.at_ms);
    time.dataset.in = of.id;
    const edit = button("Edit", "", () => beginNote(note));
    const remove = button("Remove", "", () => dropNote(note));
    for (const [control, what] of [[edit, "Edit"], [remove, "Remove"]]) control.setAttribute("aria-label", `${what} the note at ${clock(note.at_ms)}`);
    item.append(time, element("p", "", note.text), edit, remove);
    return item;
  }

  // fillers: what the program marked may be none, and a word that it did not mark may be one

  function markFiller(place) {
    const of = recording(idOf(place));
    const mark = place.closest(".mark:not(.habit)") ?? place;
    const entry = { ...whereIs(of), at_ms: Number(mark.dataset.at), to_ms: Number(mark.dataset.to), text: textOf(mark), verdict: mark.matches(".mark") ? "none" : "added" };
    const same = (f) => f.at_ms === entry.at_ms && f.question === entry.question && f.take === entry.take && f.part === entry.part;
    const at = written.fillers.findIndex(same);
    if (at >= 0) written.fillers.splice(at, 1);
    else written.fillers.push(entry);
    changed();
    showFillers();
    say(at >= 0 ? `\u201c${entry.text}\u201d: mark taken back` : `\u201c${entry.text}\u201d: ${entry.verdict === "none" ? "no filler" : "a filler"}`);
  }

  function textOf(mark) {
    const words = mark.matches(".w") ? [mark] : all(".w", mark);
    return words.length ? words.map((w) => w.textContent).join(" ") : mark.firstChild.textContent;
  }

  function showFillers() {
    for (const old of all("[data-verdict]")) {
      old.classList.remove("none", "added");
      old.removeAttribute("data-verdict");
    }
    for (const filler of written.fillers) {
      const of = recordingAt(filler);
      const place = of && all(filler.verdict === "none" ? ".mark" : ".w", of.section).find((m) => Number(m.dataset.at) === filler.at_ms && m.closest(".transcript"));
      place?.classList.add(filler.verdict);
      place?.setAttribute("data-verdict", filler.verdict);
    }
  }

  // ratings: those made before the program's scores were shown stay as they were

  const stage = () => (written.revealed_at ? written.after : written.before);

  function rate(input) {
    const form = input.closest("[data-rating]");
    const of = (stage()[form.dataset.rating] ??= {});
    const key = input.closest("[data-rate]").dataset.rate;
    if (input.checked) of[key] = Number(input.value);
    else delete of[key];
    changed();
  }

  function unrate(control) {
    const chosen = find(":checked", control.closest("[data-rate]"));
    if (!chosen) return;
    chosen.checked = false;
    rate(chosen);
  }

  function showRatings() {
    for (const form of all("[data-rating]")) {
      const id = form.dataset.rating;
      const before = written.before[id] ?? {};
      const given = { ...before, ...written.after[id] };
      for (const [key, value] of Object.entries(given)) {
        const input = find(`[data-rate="${CSS.escape(key)}"] input[value="${CSS.escape(String(value))}"]`, form);
        if (input) input.checked = true;
      }
      for (const set of all("[data-rate]", form)) {
        const value = before[set.dataset.rate];
        find("[data-before]", set).textContent = value === undefined ? ". You had not rated it before." : `. You, before you saw this: ${value}.`;
      }
    }
  }

  function askToReveal() {
    const forms = all("[data-rating]");
    const missing = forms.filter((f) => written.before[f.dataset.rating]?.band === undefined).length;
    find("[data-unrated]").textContent = missing ? `${missing} of ${forms.length} answers have no rating of yours for the whole yet.` : "You have rated every answer.";
    dialog("reveal").showModal();
  }

  function revealed() {
    if (!written.revealed_at) {
      written.revealed_at = new Date().toISOString();
      changed();
    }
    showRatings();
    for (const hidden of all("[data-machine]")) hidden.hidden = false;
    for (const note of all("[data-until-revealed]")) note.hidden = true;
    const control = find('[data-do="reveal"]');
    control.disabled = true;
    control.textContent = "The program's scores are shown";
    say("The program's scores are shown");
  }

  function ratingsOf(when) {
    return Object.entries(written[when]).flatMap(([id, given]) => {
      const of = recording(id);
      const { band, ...points } = given;
      if (!of || !Object.keys(given).length) return [];
      const { question, take } = whereIs(of);
      return [{ question, take, when, band: band ?? null, points }];
    });
  }

  /** What is saved: what `viva coach import` reads. */
  function notesFile() {
    return {
      schema: 1, kind: "viva-notes",
      session: root.dataset.session, page_sha256: root.dataset.pageSha256,
      coach: coachName(), saved_at: new Date().toISOString(), revealed_at: written.revealed_at,
      notes: written.notes,
      ratings: [...ratingsOf("before"), ...ratingsOf("after")],
      fillers: written.fillers,
    };
  }

  function save() {
    const blob = new Blob([JSON.stringify(notesFile(), null, 2) + "\n"], { type: "application/json" });
    const link = element("a");
    const who = coachName().toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
    link.href = URL.createObjectURL(blob);
    link.download = ["viva-notes", root.dataset.session, who].filter(Boolean).join("-") + ".json";
    link.click();
    // the browser needs the address until the download has begun
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    markUnsaved(false);
    store.remove(draftKey);
    say(`Saved as ${link.download}`);
  }

  function restoreDraft() {
    const draft = store.get(draftKey);
    if (!draft) return;
    try {
      const kept = JSON.parse(draft);
      written = { ...written, ...kept.written };
      if (find("[data-coach-name]")) find("[data-coach-name]").value = kept.coach ?? "";
    } catch {
      // a draft that cannot be read is none
      return store.remove(draftKey);
    }
    markUnsaved(true);
    showNotes();
    showFillers();
    showRatings();
    if (written.revealed_at && coachPage) revealed();
    say("What you wrote last time is here again; it is not saved yet.");
  }

  addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });

  // ---------- commands and keys ----------

  const dialog = (name) => find(`[data-dialog="${name}"]`);

  const commands = {
    play: toggle,
    back: () => seek(now() - SKIP),
    on: () => seek(now() + SKIP),
    take: (control) => switchTo(find(`article[data-take="${control.dataset.take}"]`, view())),
    note: () => beginNote(),
    "cancel-note": () => endNote(false),
    save, unrate,
    help: () => dialog("help").showModal(),
    theme: changeTheme,
    reveal: askToReveal,
    marking(control) {
      marking = !marking;
      for (const each of all("[data-do=marking]")) each.setAttribute("aria-pressed", String(marking));
      say(marking ? "A click on a word now marks or unmarks a filler" : "A click on a word plays again");
    },
  };

  const keys = {
    " ": toggle,
    ArrowLeft: commands.back,
    ArrowRight: commands.on,
    j: () => step(1),
    k: () => step(-1),
    a: () => stepTake(-1),
    b: () => stepTake(1),
    n: () => beginNote(),
    "?": commands.help,
    f: () => { if (coachPage && lit) markFiller(lit.closest(".mark:not(.habit)") ?? lit); },
  };

  /** Whether a key belongs to what has the focus. */
  function belongsToField(event) {
    const field = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (field && !(field.type === "range" && event.key.startsWith("Arrow"))) return true;
    return event.key === " " && Boolean(event.target.closest?.("button, a, summary, label"));
  }

  function pressed(event) {
    if (event.key === "Escape" && writing) return endNote(false);
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (document.querySelector("dialog[open]") || belongsToField(event) || !find("[data-shortcuts]").checked) return;
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  function changeTheme(control) {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    setTheme(dark ? "light" : "dark");
    store.set("viva-theme", root.dataset.theme);
    say(`${control.textContent === "Dark" ? "Light" : "Dark"} colours`);
  }

  function setTheme(theme) {
    if (theme) root.dataset.theme = theme;
    const dark = theme ? theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    find('[data-do="theme"]').textContent = dark ? "Light" : "Dark";
  }

  // ---------- start ----------

  function connect() {
    document.addEventListener("click", clicked);
    document.addEventListener("keydown", pressed);
    document.addEventListener("pointermove", showPointed, { passive: true });
    document.addEventListener("pointerover", showQuoted, { passive: true });
    document.addEventListener("focusin", showQuoted);
    document.addEventListener("change", (event) => { if (event.target.closest("[data-rating]")) rate(event.target); });
    addEventListener("hashchange", () => open(location.hash.slice(1), true));
    position.addEventListener("input", () => seek(Number(position.value)));
    find("[data-speed]").addEventListener("change", (event) => { if (current?.audio) current.audio.playbackRate = Number(event.target.value); });
    find("[data-coach-name]")?.addEventListener("input", changed);
    find("[data-note-form]").addEventListener("submit", (event) => { event.preventDefault(); endNote(true); });
    find("[data-note-text]").addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      endNote(true);
    });
    for (const form of all("[data-rating]")) form.addEventListener("submit", (event) => event.preventDefault());
    dialog("reveal")?.addEventListener("close", (event) => { if (event.target.returnValue === "reveal") revealed(); });
    // paper cannot be unfolded
    addEventListener("beforeprint", () => { for (const folded of all("details:not([open])")) { folded.open = true; folded.dataset.unfolded = ""; } });
    addEventListener("afterprint", () => { for (const folded of all("details[data-unfolded]")) { folded.open = false; delete folded.dataset.unfolded; } });
  }

  function start() {
    setTheme(store.get("viva-theme"));
    connect();
    for (const section of views) {
      const takes = takesOf(section);
      // the last take is the one that counts
      if (takes.length) showTake(section, takes[takes.length - 1]);
    }
    open(location.hash.slice(1), false);
    const first = find("article[data-take]:not([data-off])");
    if (!current && first) choose(first.dataset.main);
    restoreDraft();
    root.dataset.ready = String(Math.round(performance.now()));
  }

  start();
  // the sounds stand behind this script, so that an hour of them does not keep the page waiting
  document.addEventListener("DOMContentLoaded", () => {
    recordings.clear();
    const id = current?.id;
    current = null;
    if (id) choose(id);
    if (later) playFrom(later.id, later.ms);
  });
})();
