import assert from "node:assert/strict";
import { access, readFile, readdir } from "node:fs/promises";
import { describe, it } from "node:test";
import { executionCrd, readCrdSchema } from "../generate/crd.ts";
import { assertGolden } from "../support/golden-file.ts";
import { shownRuns, withFreshExamples } from "./doc-examples.ts";

const docs = new URL("../../docs/", import.meta.url);
const troubleshooting = new URL("troubleshooting.md", docs);

describe("docs/troubleshooting.md", () => {
  it("shows what the product says about recorded runs today", async () => {
    const text = await readFile(troubleshooting, "utf8");
    assert.ok(shownRuns(text).length >= 10, "too few examples were found");
    await assertGolden(troubleshooting, withFreshExamples(text));
  });
  it("has one section for each category of failures", async () => {
    const titles = headingsOf(await readFile(troubleshooting, "utf8")).flatMap((heading) => heading.split(/[, ]+/));
    const categories = categoriesOfFailures();
    assert.ok(categories.length >= 14, categories.join(", "));
    assert.deepEqual(
      categories.filter((category) => titles.filter((title) => title === category).length !== 1),
      [],
    );
  });
});

describe("links between the documents", () => {
  it("lead to files that exist, and to headings in them", async () => {
    const names = (await readdir(docs)).filter((name) => name.endsWith(".md"));
    const broken = await Promise.all(names.map((name) => brokenLinks(new URL(name, docs))));
    assert.deepEqual(broken.flat(), []);
  });
});

/** As the description of failureDetails.reason in the CRD lists them. */
function categoriesOfFailures(): readonly string[] {
  const details = readCrdSchema(executionCrd).properties?.["status"]?.properties?.["failureDetails"];
  const [, list = ""] = /Today: ([^.]+)\./.exec(details?.properties?.["reason"]?.description ?? "") ?? [];
  return list.split(/,\s+/);
}

function headingsOf(markdown: string): readonly string[] {
  return [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => heading);
}

async function brokenLinks(file: URL): Promise<readonly string[]> {
  const links = [...(await readFile(file, "utf8")).matchAll(/\]\(([^)]+)\)/g)].map(([, link = ""]) => link);
  const local = links.filter((link) => !/^[a-z]+:/.test(link));
  const verdicts = await Promise.all(local.map((link) => isBroken(new URL(link, file))));
  return local.filter((_link, index) => verdicts[index]).map((link) => `${file.pathname}: ${link}`);
}

async function isBroken({ pathname, hash, protocol }: URL): Promise<boolean> {
  const file = new URL(`${protocol}//${pathname}`);
  if (hash === "")
    return access(file).then(
      () => false,
      () => true,
    );
  const headings = headingsOf(await readFile(file, "utf8").catch(() => ""));
  return !headings.map(anchorOf).includes(hash.slice(1));
}

/** As GitHub makes them. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");
}
