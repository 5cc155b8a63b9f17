// What people wrote stays text, nothing leaves, and the served page is the same page.
import assert from "node:assert/strict";
import fs from "node:fs";
import { close, facts, file, open, plays, shown, until, views } from "./browser.mjs";

export const checks = {
  async "what people wrote stays text"() {
    const page = await open("hostile.html");
    for (const id of await views(page)) {
      await page.evaluate((i) => { location.hash = i; }, id);
      await shown(page, id);
      await page.evaluate((i) => { for (const take of document.querySelectorAll(`#${i} [data-do=take]`)) take.click(); }, id);
    }
    assert.equal(await page.evaluate(() => window.hacked), undefined);
    assert.equal(await page.locator("main img, main b, main script, header img, header b").count(), 0);
    // the elements of the page are those of the same page without any of it
    const kinds = (of) => of.evaluate(() => [...new Set([...document.querySelectorAll("*")].map((e) => e.localName))].sort());
    const plain = await open("noted.html");
    assert.deepEqual(await kinds(page), await kinds(plain));
    await close(plain);
    for (const selector of ["h1", ".top .tag", "#overview section p:text('window.hacked')", "#q1 h2", "#q1 .note.imported p", "#q1 .w"]) {
      const texts = await page.locator(selector).allTextContents();
      assert.ok(texts.some((text) => text.includes(facts.bad)), `${selector}: ${texts.join(" / ").slice(0, 300)}`);
    }
    await close(page);
  },

  async "no page holds a way to anywhere"() {
    for (const name of ["plain.html", "coach.html", "noted.html", "redacted.html"]) {
      const page = await open(name);
      const ways = await page.evaluate(() => [...document.querySelectorAll("[src], [href], [action], [srcset], [data], [formaction]")].map((e) => e.getAttribute("src") ?? e.getAttribute("href") ?? "?").filter((way) => !/^(#|blob:)/.test(way)));
      assert.deepEqual(ways, [], name);
      // and could not use one: the policy forbids it (the attempt itself is a complaint, so it is made in a page of its own)
      await close(page);
      const tried = await open(name);
      const reached = await tried.evaluate((address) => Promise.all([
        fetch(address).then(() => "fetched", () => "refused"),
        new Promise((done) => { const image = new Image(); image.onload = () => done("shown"); image.onerror = () => done("refused"); image.src = `${address}x.png`; }),
      ]), facts.served);
      assert.deepEqual(reached, ["refused", "refused"]);
      await tried.context().close();
    }
  },

  async "served, with the sounds beside it, it works the same, and tells of progress"() {
    const page = await open(`${facts.served}#q1`);
    await page.locator('[data-recording="q1t2"] .w').nth(12).click();
    await plays(page, "q1t2");
    const at = await page.evaluate(() => Number(document.querySelectorAll('[data-recording="q1t2"] .w')[12].dataset.at));
    await until(page, (ms) => document.querySelector('audio[data-audio="q1t2"]').currentTime * 1000 >= ms, at);
    assert.ok(page.asked.some((url) => url.endsWith("/01/take-2.wav")), String(page.asked));
    await page.keyboard.press("Space");
    await page.locator("nav a[href='#progress']").click();
    await shown(page, "progress");
    const told = await page.locator("#progress").innerText();
    for (const part of ["Over 3 sessions", "Abilities", "How it was said", "Practised", "Never practised"]) assert.ok(told.includes(part), part);
    await close(page);
  },

  async "a redacted page says in words and plot where something is silent, and plays"() {
    assert.ok(!fs.readFileSync(file("redacted.html")).includes("Alvarez"));
    const page = await open("redacted.html#q2");
    assert.ok((await page.locator("#q2 .transcript").first().innerText()).includes("[name]"));
    await page.locator('[data-recording="q2t1"] .w').first().click();
    await plays(page, "q2t1");
    await close(page);
  },
};
