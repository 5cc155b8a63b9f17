// Reading: what people with other eyes, hands and screens need of a page, on glass and on paper.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { axe, close, facts, file, open, plays, settle, show, transcript, views } from "./browser.mjs";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** What axe finds in all views of a page and in what can be opened over them, by all rules or by one. */
async function found(page, name, only) {
  const broken = [];
  await page.evaluate(axe);
  const look = async (where) => {
    const { violations } = await page.evaluate((rules) => window.axe.run(document, { runOnly: rules, resultTypes: ["violations"] }), only ?? RULES);
    broken.push(...violations.map((v) => `${name} ${where}: ${v.id}: ${v.nodes.slice(0, 3).map((n) => `${n.html.slice(0, 120)} ${n.any[0]?.message ?? ""}`).join(" | ")}`));
  };
  for (const id of await views(page)) {
    await show(page, id);
    await look(id);
  }
  await show(page, "q1");
  await page.keyboard.press("?");
  await look("keys");
  await page.keyboard.press("Escape");
  await page.keyboard.press("n");
  await look("note");
  await page.keyboard.press("Escape");
  await page.evaluate(() => document.querySelectorAll("#q1 article:not([data-off]) .w")[3].click());
  await settle(page);
  await look("playing");
  if (await page.locator("[data-do=reveal]").count()) {
    await page.locator("[data-do=reveal]").click();
    await look("reveal?");
    await page.locator("dialog[open] button[value=reveal]").click();
    for (const id of await views(page)) {
      await show(page, id);
      await look(`${id} revealed`);
    }
  }
  return broken;
}

/** What reaches beyond the screen, and what is too small to be hit. */
const misfits = (page) => page.evaluate(() => {
  const name = (e) => e.outerHTML.slice(0, 90);
  const wide = document.documentElement.scrollWidth > innerWidth
    ? [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest(".wide, svg, .over, nav")).slice(0, 4).map(name) : [];
  const small = [...document.querySelectorAll("button, select, input, summary, nav a")].filter((e) => e.checkVisibility())
    .filter((e) => { const box = e.getBoundingClientRect(); return box.width < 24 || box.height < 24; }).map(name);
  return { across: Math.max(0, document.documentElement.scrollWidth - innerWidth), wide, small };
});

export const checks = {
  ...Object.fromEntries(["plain.html", "coach.html", "hostile.html", facts.served].map((name) => {
    const called = name === facts.served ? "the served page" : name;
    return [`nothing of WCAG 2.2 AA is broken in any view of ${called}, light or dark`, async () => {
      const broken = [];
      // the dark page differs in nothing but its colours
      for (const [colorScheme, only] of [["light"], ["dark", ["color-contrast"]]]) {
        const page = await open(name, { colorScheme });
        broken.push(...(await found(page, `${called} ${colorScheme}`, only)));
        await close(page);
      }
      assert.deepEqual(broken, []);
    }];
  })),

  async "on a phone nothing is wider than the screen, and no control under 24 pixels"() {
    for (const name of ["plain.html", "coach.html", "hostile.html", facts.served]) {
      const page = await open(name, { viewport: { width: 360, height: 740 } });
      await page.evaluate(() => { for (const part of document.querySelectorAll("[data-machine]")) part.hidden = false; });
      for (const id of await views(page)) {
        await show(page, id);
        assert.deepEqual(await misfits(page), { across: 0, wide: [], small: [] }, `${name} ${id}`);
        for (const take of await page.locator(`#${id} [data-do=take]:visible, [data-player-takes] button:visible`).all()) {
          await take.click();
          assert.deepEqual(await misfits(page), { across: 0, wide: [], small: [] }, `${name} ${id}, another take`);
        }
      }
      await page.keyboard.press("n");
      assert.deepEqual(await misfits(page), { across: 0, wide: [], small: [] }, `${name}, writing`);
      await page.keyboard.press("Escape");
      await close(page);
    }
  },

  async "on paper stand all words and scorecards, and no controls"() {
    const page = await open("plain.html", { colorScheme: "dark" });
    await page.pdf({ path: file("print.pdf"), preferCSSPageSize: true });
    const text = execFileSync("pdftotext", [file("print.pdf"), "-"]).toString().replace(/\s+/g, " ").toLowerCase();
    const there = new Set(text.split(" "));
    for (const take of ["01/take-1", "01/take-2", "02/take-1", "02/take-1-follow-up", "03/take-1"]) {
      const gone = transcript(take).map((w) => w.text.toLowerCase()).filter((word) => !there.has(word) && !text.includes(word));
      assert.deepEqual(gone, [], take);
    }
    for (const part of ["weight times worth", "never changes the points", "question 3", "against take 1", "asked back"]) assert.ok(text.includes(part), part);
    assert.equal(text.match(/points made/g)?.length >= 3, true, "each take has its scorecard");
    assert.doesNotMatch(text, /save notes|mark fillers|keep the note|the program's scores stay hidden/);
    assert.equal(await page.evaluate(() => document.querySelectorAll("details[open]").length), 0, "folded again afterwards");
    await close(page);
  },

  async "who wants no movement gets none"() {
    for (const [reducedMotion, behaviour, duration] of [["reduce", "auto", "0s"], ["no-preference", "smooth", "0.12s"]]) {
      const page = await open("plain.html#q1", { reducedMotion, viewport: { width: 900, height: 420 } });
      await page.evaluate(() => {
        window.scrolled = [];
        Element.prototype.scrollIntoView = function scroll(how) { window.scrolled.push(how.behavior); };
        const words = document.querySelectorAll('[data-recording="q1t2"] .w');
        words[words.length - 8].click();
      });
      await plays(page, "q1t2");
      await page.waitForFunction(() => window.scrolled.length > 0);
      assert.deepEqual([...new Set(await page.evaluate(() => window.scrolled))], [behaviour]);
      assert.equal(await page.evaluate(() => getComputedStyle(document.querySelector(".w")).transitionDuration), duration);
      await close(page);
    }
  },

  async "the colours that were chosen stay"() {
    const page = await open("plain.html", { colorScheme: "light" });
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await ground();
    await page.locator("[data-do=theme]").click();
    const dark = await ground();
    assert.notEqual(dark, light);
    assert.equal(await page.locator("[data-do=theme]").innerText(), "Light");
    await page.reload();
    assert.equal(await ground(), dark);
    await close(page);
  },
};
