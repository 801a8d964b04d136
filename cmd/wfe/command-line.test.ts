import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { parseCommandLine } from "./command-line.ts";
import type { Command } from "./command-line.ts";
import { version } from "../version.ts";
import { UsageError } from "./usage-error.ts";

const target = { registry: "ghcr.io", repository: "a/b", tag: "v1" };
const none = new Map<string, string>();

const good: Readonly<Record<string, Command>> = {
  "--help": { group: "wfe", name: "help" },
  "audit --help": { group: "wfe", name: "help" },
  "audit verify --help": { group: "wfe", name: "help" },
  "-h": { group: "wfe", name: "help" },
  "bundle push --help": { group: "wfe", name: "help" },
  "--version": { group: "wfe", name: "version" },
  "audit migrate": { group: "audit", name: "migrate" },
  "audit grant writer controller": { group: "audit", name: "grant", role: "audit_writer", login: "controller" },
  "audit grant retention janitor": { group: "audit", name: "grant", role: "audit_retention", login: "janitor" },
  "audit hmac API_TOKEN": { group: "audit", name: "hmac", parameter: "API_TOKEN" },
  "bundle pack dir": { group: "bundle", name: "pack", folder: "dir", images: none },
  "bundle push dir ghcr.io/a/b:v1": {
    group: "bundle",
    name: "push",
    folder: "dir",
    target,
    images: none,
    plainHttp: false,
  },
  "bundle push --plain-http dir ghcr.io/a/b:v1": {
    group: "bundle",
    name: "push",
    folder: "dir",
    target,
    images: none,
    plainHttp: true,
  },
  "bundle push dir --image action=x/y:1 ghcr.io/a/b:v1 --image b=c": {
    group: "bundle",
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
  audit: /^unknown command "audit"$/,
  "audit forget": /^unknown command "audit forget"$/,
  "audit migrate now": /^wfe audit migrate takes no operands$/,
  "audit grant writer": /^wfe audit grant takes a role \(writer, reader, retention\) and a login$/,
  "audit grant owner ann": /takes a role \(writer, reader, retention\)/,
  "audit grant toString ann": /takes a role \(writer, reader, retention\)/,
  "audit grant reader ann bob": /takes a role/,
  "audit migrate --anchor 7": /^Unknown option '--anchor'/,
  "audit grant --image a=b reader ann": /^Unknown option '--image'/,
  "audit verify --plain-http": /^Unknown option '--plain-http'/,
  "bundle pack --plain-http dir": /^Unknown option '--plain-http'/,
  "bundle push dir ghcr.io/a --version": /^Unknown option '--version'/,
  "--image a=b": /^Unknown option '--image'/,
  "audit hmac": /^wfe audit hmac takes the name of a parameter; the value comes on standard input$/,
  "audit hmac API_TOKEN s3cret": /takes the name of a parameter; the value comes on standard input$/,
  bundle: /^unknown command "bundle"$/,
  "bundle pull dir": /^unknown command "bundle pull"$/,
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
