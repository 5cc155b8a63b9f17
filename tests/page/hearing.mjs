// Listening: what is lit is what is heard, whatever is clicked plays from there, and all of it can be done with keys.
import assert from "node:assert/strict";
import { close, open, playing, plays, settle, shown, time, transcript, until, view } from "./browser.mjs";

/** How far from its place a click may land, in milliseconds. */
const NEAR = 50;

/** Clicks on a place as often as it takes; where the sound then is. It plays slowly, so that it has hardly moved when it is asked. */
const clicked = (page, selector, id) => page.evaluate(async ([selector, id]) => {
  const place = document.querySelector(selector);
  if (!place) return `${selector} is not in the page`;
  const audio = document.querySelector(`audio[data-audio="${id}"]`);
  audio.playbackRate = 0.0625;
  const there = new Promise((done, fail) => {
    audio.addEventListener("seeked", () => done(audio.currentTime * 1000), { once: true });
    setTimeout(() => fail(new Error(`${selector} leads nowhere`)), 20_000);
  });
  place.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
  return { at: Number(place.dataset.at), is: await there, paused: audio.paused };
}, [selector, id]);

export const checks = {
  async "the right word is lit at ten places, and while it plays"() {
    const page = await open("plain.html#q1");
    const words = transcript("01/take-2");
    const every = Math.floor(words.length / 10);
    const places = words.filter((_, i) => i % every === 0).slice(0, 10).map((w) => Math.round((w.start + w.end) / 2));
    assert.equal(places.length, 10);
    for (const place of places) {
      await page.evaluate((ms) => {
        const position = document.querySelector("[data-position]");
        position.step = "1";
        position.value = String(ms);
        position.dispatchEvent(new Event("input", { bubbles: true }));
      }, place);
      await settle(page);
      const lit = await page.evaluate(() => [...document.querySelectorAll(".w.now")].map((w) => [w.textContent, Number(w.dataset.at)]));
      // the last that has begun: of two that begin at once, the second
      const right = words.filter((w) => w.start <= place).at(-1);
      assert.deepEqual(lit, [[right.text, right.start]]);
    }
    await page.keyboard.press("Home");
    await page.locator('[data-recording="q1t2"] .w').first().click();
    await plays(page, "q1t2");
    let seen = 0;
    for (let i = 0; i < 10; i++) {
      await page.waitForTimeout(230);
      const [at, start, end] = await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => {
        const now = document.querySelector(".w.now");
        done([document.querySelector('audio[data-audio="q1t2"]').currentTime * 1000, now && Number(now.dataset.at), now && Number(now.dataset.to)]);
      })));
      if (start === null) continue;
      seen++;
      // a frame may be late; a word is lit a little longer than it is heard
      assert.ok(at >= start - NEAR && at <= end + 300, `${start}-${end} is lit at ${at}`);
    }
    assert.ok(seen >= 3, `a word was lit ${seen} times of 10`);
    assert.deepEqual(await playing(page), ["q1t2"]);
    await page.keyboard.press("Space");
    assert.deepEqual(await playing(page), []);
    await close(page);
  },

  async "a click on a word, a hesitation, a pause, a quote, a point or a plot plays from there"() {
    const page = await open("plain.html#q1");
    for (const [id, selectors] of [
      ["q1t2", [".transcript .w:nth-of-type(9)", ".margin .point", ".time"]],
      ["q2t1", [".transcript .mark.certain", ".transcript .pause.long", ".low rect.silence.long", ".low svg[data-at]"]],
    ]) {
      await page.evaluate((i) => { location.hash = i.slice(0, 2); }, id);
      await page.locator(`[data-recording="${id}"] .w`).nth(5).click(); // the first click also opens the sound
      await plays(page, id);
      const quotes = [`.points .quote[data-in="${id}"]`, ".places button"].map((quote) => `#${id.slice(0, 2)} article:not([data-off]) ${quote}`);
      for (const selector of [...selectors.map((s) => `[data-recording="${id}"] ${s}`), ...quotes]) {
        const seen = await clicked(page, selector, id);
        assert.ok(Math.abs(seen.is - seen.at) <= NEAR && !seen.paused, `${selector}: ${JSON.stringify(seen)}`);
      }
    }
    // a plot: a third of its width is a third of the take
    const over = await page.locator('[data-recording="q2t1"] .over').boundingBox();
    const lanes = await page.locator('[data-recording="q2t1"] .lanes').boundingBox();
    await page.locator('[data-recording="q2t1"] .lanes').click({ position: { x: over.x - lanes.x + over.width / 3, y: 40 } });
    await settle(page);
    const duration = await page.evaluate(() => Number(document.querySelector('[data-recording="q2t1"]').dataset.duration));
    const pixel = duration / over.width;
    assert.ok(Math.abs((await time(page, "q2t1")) - duration / 3) < NEAR + 2 * pixel, `${await time(page, "q2t1")} of ${duration}`);
    // what was said when asked back is a recording of its own
    await page.locator('[data-recording="q2t1f"] .w').nth(3).click();
    await plays(page, "q2t1f");
    assert.deepEqual(await playing(page), ["q2t1f"]);
    await close(page);
  },

  async "quotes of the overview open their question and take, and play"() {
    const page = await open("plain.html");
    await page.locator('#overview .quote[data-in="q1t2"]').first().click();
    await plays(page, "q1t2");
    assert.equal(await page.evaluate(() => location.hash), "#q1");
    assert.equal(await view(page), "q1");
    await page.goBack();
    await shown(page, "overview");
    await page.locator('#overview a[data-take-link="1"]').first().click();
    await shown(page, "q1");
    assert.ok(await page.locator("#q1 article[data-take='1']").isVisible());
    await close(page);
  },

  async "keys work, and are never stolen from text"() {
    const page = await open("plain.html");
    for (const [key, id] of [["j", "q1"], ["j", "q2"], ["k", "q1"]]) {
      await page.keyboard.press(key);
      assert.equal(await view(page), id);
    }
    await page.keyboard.press("Space");
    await plays(page, "q1t2");
    await page.keyboard.press("Space");
    const before = await time(page, "q1t2");
    await page.keyboard.press("ArrowRight");
    await settle(page);
    assert.ok(Math.abs((await time(page, "q1t2")) - before - 5000) < NEAR);
    await page.keyboard.press("ArrowLeft");
    await settle(page);
    assert.ok(Math.abs((await time(page, "q1t2")) - before) < NEAR);
    await page.keyboard.press("?");
    assert.ok(await page.locator("dialog[open]").isVisible());
    await page.keyboard.press("j");
    assert.equal(await view(page), "q1", "no key goes through a dialog");
    await page.keyboard.press("Escape");
    assert.equal(await page.locator("dialog[open]").count(), 0);
    // the other take goes on as far between its first and last word
    await page.evaluate(() => document.querySelectorAll('[data-recording="q1t2"] .w')[20].click());
    await page.keyboard.press("a");
    await plays(page, "q1t1");
    const shares = await page.evaluate(() => ["q1t1", "q1t2"].map((id) => {
      const { begin, end } = document.querySelector(`[data-recording="${id}"]`).dataset;
      const audio = document.querySelector(`audio[data-audio="${id}"]`);
      if (!audio.paused) audio.pause();
      return (audio.currentTime * 1000 - begin) / (end - begin);
    }));
    assert.ok(Math.abs(shares[0] - shares[1]) < 0.1, String(shares));
    assert.ok(await page.locator("#q1 article[data-take='1']").isVisible() && !(await page.locator("#q1 article[data-take='2']").isVisible()));
    await page.keyboard.press("b");
    await page.keyboard.press("n");
    await page.keyboard.type("jk ab n?");
    assert.equal(await page.locator("[data-note-text]").inputValue(), "jk ab n?");
    assert.equal(await view(page), "q1");
    await page.keyboard.press("Escape");
    assert.equal(await page.locator(".note.own").count(), 0);
    // after a click on a quote the space bar pauses; it does not press the quote once more
    await page.locator("#q1 article:not([data-off]) .points .quote").first().click();
    assert.equal((await playing(page)).length, 1);
    await page.keyboard.press("Space");
    assert.deepEqual(await playing(page), []);
    await page.locator("[data-speed]").selectOption("1.5");
    assert.equal(await page.evaluate(() => document.querySelector('audio[data-audio="q1t2"]').playbackRate), 1.5);
    await page.locator("[data-do=help]").click();
    await page.locator("[data-shortcuts]").uncheck();
    await page.keyboard.press("Escape");
    await page.locator("h1").click();
    await page.keyboard.press("j");
    assert.equal(await view(page), "q1", "the keys are off");
    await close(page);
  },

  async "a page without sound says so, and a page of one question holds no other"() {
    const silent = await open("silent.html#q1");
    assert.equal(await silent.locator("audio").count(), 0);
    assert.match(await silent.locator("[data-playing]").innerText(), /the recording is not in this page/);
    assert.ok(await silent.locator("[data-do=play]").isDisabled());
    await silent.locator("#q1 article:not([data-off]) .w").nth(3).click();
    await close(silent);
    const one = await open("one.html");
    assert.deepEqual(await one.evaluate(() => [...document.querySelectorAll("[data-question]")].map((q) => q.id)), ["q1"]);
    assert.deepEqual(await one.evaluate(() => [...document.querySelectorAll("audio")].map((a) => a.dataset.audio)), ["q1t1", "q1t2"]);
    await close(one);
  },

  async "a click before the sound is there plays once it is"() {
    const page = await open("plain.html#q1");
    await page.evaluate(() => document.querySelectorAll('[data-recording="q1t2"] .w')[12].click());
    const at = await page.evaluate(() => Number(document.querySelectorAll('[data-recording="q1t2"] .w')[12].dataset.at));
    await plays(page, "q1t2");
    await until(page, (ms) => document.querySelector('audio[data-audio="q1t2"]').currentTime * 1000 >= ms, at);
    await close(page);
  },
};
