// The review page in a real browser: node tests/page/page.mjs FOLDER [part of a name]. tests/page.rs makes the folder.
import { browser } from "./browser.mjs";
import * as hearing from "./hearing.mjs";
import * as coaching from "./coaching.mjs";
import * as seeing from "./seeing.mjs";
import * as trust from "./trust.mjs";

/** After so long a check counts as hung. */
const PATIENCE = 240_000;

const only = process.argv[3] ?? "";
let failed = 0;
for (const { checks } of [hearing, coaching, seeing, trust]) {
  for (const [name, check] of Object.entries(checks)) {
    if (!name.includes(only)) continue;
    try {
      let hung;
      await Promise.race([check(), new Promise((_, fail) => { hung = setTimeout(() => fail(new Error("it hangs")), PATIENCE); })]).finally(() => clearTimeout(hung));
      console.log(`ok ${name}`);
    } catch (problem) {
      failed++;
      const places = (problem.stack ?? "").split("\n").filter((line) => line.includes(".mjs:") && line.includes("tests/page"));
      console.log(`FAILED ${name}\n  ${problem.message.slice(0, 3000).replace(/\n/g, "\n  ")}\n${places.slice(0, 3).join("\n")}`);
    }
  }
}
await browser.close();
process.exit(failed ? 1 : 0);
