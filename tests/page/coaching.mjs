// What a coach does: writes, rates and marks without seeing the program's scores, saves it, and finds it again where it was taken in.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { close, facts, file, open, playing, plays, settle, shown, until, view, views } from "./browser.mjs";

const NOTE = "Say <i>whom</i> you call ]]> & when";
const viva = (...given) => execFileSync(facts.viva, given, { env: { ...process.env, VIVA_HOME: facts.home, NO_COLOR: "1" }, stdio: "pipe" }).toString();

/** All that can be read, and all that is read out. */
const seen = async (page) => (await page.locator("body").innerText()) + (await page.locator("body").ariaSnapshot());
const JUDGED = /band \d|points made|\d points|not found|level \d of|touched|to try|red flag|what went well|what to work on|gained|lost:|no score|\(made\)|✓/i;

export const checks = {
  async "a coach's work is kept, saved, taken in by the program and shown again"() {
    const page = await open("coach.html#q1");
    await page.locator("[data-coach-name]").fill("Ada <b>Byron</b>");
    await page.locator('[data-recording="q1t2"] .w').nth(12).click();
    await plays(page, "q1t2");
    await page.keyboard.press("n");
    assert.deepEqual(await playing(page), [], "it waits while a note is written");
    await page.keyboard.type(NOTE);
    await page.keyboard.press("Enter");
    await until(page, () => document.querySelector(".note.own"));
    await plays(page, "q1t2");
    await page.keyboard.press("Space");
    assert.deepEqual(await playing(page), []);
    assert.equal(await page.locator(".note.own p").innerText(), NOTE);
    await page.locator('[data-rating="q1t2"] [data-rate="band"] input[value="3"]').check();
    const first = page.locator('[data-rating="q1t2"] [data-rate]:not([data-rate="band"])').first();
    const criterion = await first.getAttribute("data-rate");
    await first.locator('input[value="2"]').check();
    // fillers: one that is none, one that was missed; a click marks now, and plays nothing
    const marking = page.locator("#q1 article:not([data-off]) [data-do=marking]").first();
    await marking.click();
    await page.locator('[data-recording="q1t2"] .transcript .mark.certain').first().click();
    await page.locator('[data-recording="q1t2"] .transcript > .row > p > .w').nth(9).click();
    assert.deepEqual(await playing(page), []);
    await marking.click();
    const dialogs = [];
    page.on("dialog", (dialog) => { dialogs.push(dialog.type()); dialog.dismiss().catch(() => {}); });
    await page.close({ runBeforeUnload: true });
    for (let i = 0; i < 100 && !dialogs.length; i++) await page.waitForTimeout(50);
    assert.deepEqual(dialogs, ["beforeunload"], "unsaved work is not lost by a slip");
    await page.locator("[data-do=reveal]").click();
    await page.locator("dialog[open] button[value=reveal]").click();
    await page.locator('[data-rating="q1t2"] [data-rate="band"] input[value="4"]').check();
    assert.match(await page.locator('[data-rating="q1t2"] [data-rate="band"] .beside').innerText(), /The program: Band \d of 5.*You, before you saw this: 3\./);
    const [download] = await Promise.all([page.waitForEvent("download"), page.locator("[data-do=save]").click()]);
    assert.match(download.suggestedFilename(), /^viva-notes-.*ada-b-byron-b\.json$/);
    const name = file("notes.json");
    await download.saveAs(name);
    const saved = JSON.parse(fs.readFileSync(name));
    assert.equal(saved.schema, 1);
    assert.equal(saved.coach, "Ada <b>Byron</b>");
    assert.match(saved.page_sha256, /^[0-9a-f]{64}$/);
    assert.deepEqual(saved.ratings, [
      { question: 1, take: 2, when: "before", band: 3, points: { [criterion]: 2 } },
      { question: 1, take: 2, when: "after", band: 4, points: {} },
    ]);
    assert.deepEqual(saved.fillers.map((f) => f.verdict), ["none", "added"]);
    assert.ok(saved.notes[0].question === 1 && saved.notes[0].at_ms > 0);
    await close(page);

    viva("coach", "import", name);
    viva("export", facts.name, "--html", file("noted.html"));
    const again = await open("noted.html#q1");
    assert.equal(await again.locator("#q1 .note.imported p").innerText(), NOTE);
    assert.equal(await again.locator("#q1 .transcript .mark.none").count(), 1);
    assert.equal(await again.locator("#q1 .transcript .mark.added").count(), 1);
    const says = await again.locator("#q1 article:not([data-off]) .coach-says").allInnerTexts();
    assert.deepEqual(says.slice(0, 2), ["Ada <b>Byron</b>: band 3, before seeing the scores", "Ada <b>Byron</b>: band 4, after seeing the scores"]);
    assert.deepEqual(says.slice(2), ["Ada <b>Byron</b>: level 2, before seeing the scores"]);
    await close(again);
  },

  async "a draft comes back after the page was closed, until it is taken away"() {
    const page = await open("plain.html#q1");
    await page.keyboard.press("n");
    await page.keyboard.type("Kept");
    await page.keyboard.press("Enter");
    await page.reload();
    await until(page, () => document.querySelector(".note.own"));
    assert.equal(await page.locator(".note.own p").innerText(), "Kept");
    await page.locator(".note.own button", { hasText: "Edit" }).click();
    await page.keyboard.type(" and mended");
    await page.keyboard.press("Shift+Enter");
    await page.keyboard.type("twice");
    await page.keyboard.press("Enter");
    assert.equal(await page.locator(".note.own p").innerText(), "Kept and mended\ntwice");
    await page.locator(".note.own button", { hasText: "Remove" }).click();
    assert.equal(await page.locator(".note.own").count(), 0);
    await close(page);
  },

  async "a note is refused where there is no answer, and nothing is saved of it"() {
    const page = await open(facts.served);
    for (const id of ["overview", "progress"]) {
      await page.locator(`nav a[href='#${id}']`).click();
      await shown(page, id);
      await page.keyboard.press("n");
      assert.ok(!(await page.locator("[data-note-form]").isVisible()), id);
      assert.match(await page.locator("[data-status]").innerText(), /Open a question first/);
      await page.locator("nav a[href='#q1']").click();
      await shown(page, "q1");
    }
    assert.ok(!(await page.locator("[data-do=save]").isVisible()));
    await close(page);
  },

  async "a coach sees no judgement of the program before asking for it"() {
    const plain = await open("plain.html");
    assert.match(await seen(plain), JUDGED, "elsewhere it stands in the page");
    await close(plain);
    const page = await open("coach.html");
    const all = await views(page);
    assert.deepEqual(all, ["overview", "q1", "q2", "q3"], "and nothing of other sessions");
    for (const id of all) {
      await page.evaluate((i) => { location.hash = i; }, id);
      await shown(page, id);
      // the levels of the form to rate by are the coach's own words, not the program's
      const judged = (await seen(page)).replace(/(0 )?not found|1 touched|2 made|3 instance|not found in the transcript|points of a rubric were found/gi, "").match(JUDGED);
      assert.equal(judged, null, `${id}: ${judged}`);
      for (const part of await page.locator("[data-machine]").all()) assert.ok(!(await part.isVisible()), id);
    }
    await page.locator("[data-do=reveal]").click();
    assert.match(await page.locator("[data-unrated]").innerText(), /4 of 4 answers have no rating/);
    await page.locator("dialog[open] button[value=cancel]").click();
    assert.equal(await page.locator(".band:visible").count(), 0);
    await page.locator("[data-do=reveal]").click();
    await page.locator("dialog[open] button[value=reveal]").click();
    await page.evaluate(() => { location.hash = "q2"; });
    await shown(page, "q2");
    assert.ok(await page.locator("#q2 .scorecard").isVisible());
    assert.match(await seen(page), /Band \d of 5/);
    await close(page);
  },
};
