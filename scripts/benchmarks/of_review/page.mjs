// page.mjs ADDRESS: opens a review page in chromium and tells as JSON how soon it can be used and how soon it plays from a word that is clicked.
import { pathToFileURL } from "node:url";

const { chromium } = await import(pathToFileURL(`${process.env.PAGE_KIT}/node_modules/playwright-core/index.mjs`));
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--autoplay-policy=no-user-gesture-required"] });
const address = process.argv[2];
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

const ready = [];
let page;
for (let i = 0; i < 3; i++) {
  await page?.context().close();
  page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
  await page.goto(`${address}#q1`, { waitUntil: "load", timeout: 60_000 });
  // milliseconds from the beginning of the navigation, as the page itself notes them
  ready.push(await page.evaluate(() => Number(document.documentElement.dataset.ready)));
}
const seek = (index) => page.evaluate(async (at) => {
  const words = document.querySelectorAll("#q1 .w");
  const word = words[Math.floor(words.length * at)];
  const audio = document.querySelector('audio[data-audio="q1t1"]');
  const begin = performance.now();
  word.click();
  while (audio.seeking || Math.abs(audio.currentTime * 1000 - Number(word.dataset.at)) > 300 || !word.classList.contains("now")) {
    await new Promise((go) => setTimeout(go));
    if (performance.now() - begin > 8_000) throw new Error(`no sound at ${word.dataset.at} ms`);
  }
  const took = performance.now() - begin;
  return [took, Math.max(0, Math.abs(audio.currentTime * 1000 - Number(word.dataset.at)) - took)];
}, index);
const [first, firstOff] = await seek(0.5);
const seeks = [], off = [firstOff];
for (const at of [0.9, 0.1, 0.6, 0.25, 0.8, 0.4, 0.7]) {
  await page.waitForTimeout(300);
  const [took, missed] = await seek(at);
  seeks.push(took);
  off.push(missed);
}
console.log(JSON.stringify({ words: await page.evaluate(() => document.querySelectorAll(".w").length), ready: median(ready), first, seeks, off: Math.max(...off) }));
await browser.close();
