import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { checkSettings, defaultSettings } from "./check-settings.ts";
import { parseYaml } from "./parse-yaml.ts";
import { settingsOf } from "./schema.ts";
import { settings } from "./settings.ts";

function repositoryFile(...parts: readonly string[]): string {
  return readFileSync(path.join(import.meta.dirname, "..", "..", ...parts), "utf8");
}

/** First cell of each row of the tables that follow a heading, without its backticks. */
function documentedKeys(markdown: string): readonly string[] {
  const section = /^## Keys of the file$(.*?)^## /ms.exec(markdown)?.[1] ?? "";
  return [...section.matchAll(/^\| `([^`]+)` \|/gm)].map(([, key]) => key ?? "");
}

const all = settingsOf(settings);

describe("config/controller.yaml", () => {
  it("spells out every default", () => {
    const parsed = parseYaml(repositoryFile("config", "controller.yaml"));
    assert.equal(parsed.type, "parsed");
    assert.deepEqual(parsed.value, defaultSettings());
  });
});

describe("docs/configuration.md", () => {
  const markdown = repositoryFile("docs", "configuration.md");

  for (const [key, setting] of all) {
    it(`documents ${key} with its default, what is allowed and what it means`, () => {
      const fallback =
        typeof setting.default === "string" && setting.default !== ""
          ? setting.default
          : JSON.stringify(setting.default);
      const row = `| \`${key}\` | \`${fallback}\` | ${setting.allowed} | ${setting.description} |`;
      assert.ok(markdown.split("\n").includes(row), `this row is missing:\n${row}`);
    });
  }

  it("documents no other keys, and these in their order", () => {
    assert.deepEqual(
      documentedKeys(markdown),
      all.map(([key]) => key),
    );
  });
});

describe("a setting", () => {
  it("has a default that its own constraint accepts, written out", () => {
    assert.deepEqual(checkSettings(defaultSettings()).problems, []);
  });

  it("gets its default in a copy", () => {
    const given = { kubeApi: { qps: 7 } };
    assert.equal(checkSettings(given).file.kubeApi.burst, 800);
    assert.deepEqual(given, { kubeApi: { qps: 7 } });
  });

  it("is found under every group", () => {
    const keys = all.map(([key]) => key);
    assert.equal(keys.length, 30);
    assert.ok(keys.includes("kubeApi.timeout") && keys.includes("log.format"));
  });
});
