// A real browser, and what every check asks of a page in it: nothing on the console, no request but for its own file.
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";

const kit = path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), ".cache"), "viva-voce-page-kit/node_modules");
const CHROMIUM = "/usr/bin/chromium";

function missing(what, cure) {
  console.log(`FAILED ${what} is missing: run ${cure}`);
  process.exit(2);
}

if (!["playwright-core", "axe-core"].every((name) => fs.existsSync(path.join(kit, name, "package.json")))) missing("playwright-core or axe-core", "scripts/page-kit");
if (!fs.existsSync(CHROMIUM)) missing(CHROMIUM, "scripts/setup test");

/** The text of axe-core, to be run in a page. */
export const axe = fs.readFileSync(path.join(kit, "axe-core/axe.min.js"), "utf8");

/** What the test made: the folder with the pages, and the names of the rest. */
export const folder = path.resolve(process.argv[2]);
export const facts = JSON.parse(fs.readFileSync(path.join(folder, "facts.json"), "utf8"));
export const file = (name) => path.join(folder, name);

const { chromium } = await import(pathToFileURL(path.join(kit, "playwright-core/index.mjs")));
export const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--autoplay-policy=no-user-gesture-required"] });

/** Opens a page of the folder (`plain.html#q1`), or an address, once its script and its sounds are there. */
export async function open(name, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, acceptDownloads: true, ...options });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  page.complaints = [];
  page.asked = [];
  page.on("console", (message) => page.complaints.push(message.text()));
  page.on("pageerror", (problem) => page.complaints.push(String(problem)));
  page.on("request", (request) => page.asked.push(request.url()));
  page.own = name.startsWith("http:") ? name.split("#")[0] : String(pathToFileURL(file(name.split("#")[0])));
  await page.goto(name.startsWith("http:") ? name : page.own + name.slice(name.split("#")[0].length));
  await page.waitForFunction(() => document.documentElement.dataset.ready && document.readyState === "complete");
  return page;
}

/** Closes it after the question that every page is asked. */
export async function close(page) {
  assert.deepEqual(page.complaints, [], "nothing stands on the console");
  // sounds out of the page are blobs; where it is served they lie below its address
  const foreign = page.asked.filter((url) => !url.startsWith("blob:") && !(page.own.startsWith("http:") ? url.startsWith(page.own) : url.split("#")[0] === page.own));
  assert.deepEqual(foreign, [], "nothing is asked for elsewhere");
  await page.context().close();
}

export const transcript = (name) => JSON.parse(fs.readFileSync(path.join(facts.session, `${name}.transcript.json`), "utf8")).words;
export const views = (page) => page.evaluate(() => [...document.querySelectorAll("[data-view]")].map((view) => view.id));
export const view = (page) => page.evaluate(() => document.querySelector("[data-view]:not([data-off])").id);
export const playing = (page) => page.evaluate(() => [...document.querySelectorAll("audio")].filter((a) => !a.paused).map((a) => a.dataset.audio));
/** Milliseconds at which a recording stands. */
export const time = (page, id) => page.evaluate((i) => document.querySelector(`audio[data-audio="${i}"]`).currentTime * 1000, id);
/** Until what was asked for has been drawn. */
export const settle = (page) => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
export const until = (page, what, given) => page.waitForFunction(what, given);
export const plays = (page, id) => until(page, (i) => { const a = document.querySelector(`audio[data-audio="${i}"]`); return !a.paused && a.readyState >= 2; }, id);

/** Until a view is the one that is shown: an address is followed only a moment after the click. */
export const shown = (page, id) => until(page, (i) => document.querySelector("[data-view]:not([data-off])").id === i, id);

/** Goes to a view, with all that can be unfolded open. */
export async function show(page, id) {
  await page.evaluate((i) => {
    location.hash = i;
    for (const folded of document.querySelectorAll("details")) folded.open = true;
  }, id);
  await shown(page, id);
  await settle(page);
}
