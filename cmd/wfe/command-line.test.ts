import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { parseCommandLine, UsageError } from "./command-line.ts";
import type { Command } from "./command-line.ts";
import { version } from "./version.ts";

const target = { registry: "ghcr.io", repository: "a/b", tag: "v1" };
const none = new Map<string, string>();

const good: Readonly<Record<string, Command>> = {
  "--help": { name: "help" },
  "-h": { name: "help" },
  "bundle push --help": { name: "help" },
  "--version": { name: "version" },
  "bundle pack dir": { name: "pack", folder: "dir", images: none },
  "bundle push dir ghcr.io/a/b:v1": { name: "push", folder: "dir", target, images: none, plainHttp: false },
  "bundle push --plain-http dir ghcr.io/a/b:v1": { name: "push", folder: "dir", target, images: none, plainHttp: true },
  "bundle push dir --image action=x/y:1 ghcr.io/a/b:v1 --image b=c": {
    name: "push",
    folder: "dir",
    target,
    images: new Map([
      ["action", "x/y:1"],
      ["b", "c"],
    ]),
    plainHttp: false,
  },
};

const bad: Readonly<Record<string, RegExp>> = {
  "": /^no command given$/,
  bundle: /^unknown command "bundle"$/,
  "bundle pull dir": /^unknown command "bundle pull dir"$/,
  "bundle pack": /^wfe bundle pack takes a folder, found 0 operands$/,
  "bundle pack a b": /found 2 operands$/,
  "bundle push dir": /^wfe bundle push takes a folder and a reference, found 1 operands$/,
  "bundle push dir ghcr.io/a b": /found 3 operands$/,
  "bundle push dir a/b": /^"a\/b": it doesn't begin with the host of a registry/,
  "bundle push dir ghcr.io/a --plainhttp": /^Unknown option '--plainhttp'/,
  "bundle push dir ghcr.io/a --image": /--image/,
  "bundle push dir ghcr.io/a --image action": /^--image action: expected NAME=REFERENCE/,
  "bundle push dir ghcr.io/a --image =x": /^--image =x: expected NAME=REFERENCE/,
  "bundle push dir ghcr.io/a --image action=$(params.x)": /expected NAME=REFERENCE/,
  "bundle push dir ghcr.io/a --image a=x --image a=y": /^--image a is given twice$/,
};

function words(line: string): readonly string[] {
  return line.split(" ").filter((word) => word !== "");
}

describe("parseCommandLine", () => {
  for (const [line, expected] of Object.entries(good)) {
    it(`understands "wfe ${line}"`, () => {
      assert.deepEqual(parseCommandLine(words(line)), expected);
    });
  }
  for (const [line, message] of Object.entries(bad)) {
    it(`refuses "wfe ${line}"`, () => {
      assert.throws(
        () => parseCommandLine(words(line)),
        (error: unknown) => error instanceof UsageError && message.test(error.message),
      );
    });
  }
});

describe("the version", () => {
  it("is that of package.json", () => {
    const file = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
    assert.equal(version, (JSON.parse(file) as { version: string }).version);
  });
});
