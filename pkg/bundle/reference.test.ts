import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isImageReference, parsePushTarget } from "./reference.ts";
import type { PushTarget } from "./reference.ts";

const good: Readonly<Record<string, PushTarget>> = {
  "ghcr.io/example/restart": { registry: "ghcr.io", repository: "example/restart" },
  "ghcr.io/example/restart:v1.2": { registry: "ghcr.io", repository: "example/restart", tag: "v1.2" },
  "127.0.0.1:5000/a": { registry: "127.0.0.1:5000", repository: "a" },
  "127.0.0.1:5000/a:latest": { registry: "127.0.0.1:5000", repository: "a", tag: "latest" },
  "localhost/a/b/c": { registry: "localhost", repository: "a/b/c" },
  "[::1]:5000/a": { registry: "[::1]:5000", repository: "a" },
  "registry.example.com/a.b_c__d--e/f": { registry: "registry.example.com", repository: "a.b_c__d--e/f" },
};

const bad: Readonly<Record<string, readonly [text: string, message: RegExp]>> = {
  nothing: ["", /doesn't begin with the host/],
  "no registry": ["example/restart", /doesn't begin with the host/],
  "no repository": ["ghcr.io", /doesn't begin with the host/],
  "an empty repository": ["ghcr.io/", /"" is no name of a repository/],
  "upper case": ["ghcr.io/Example", /"Example" is no name of a repository/],
  "an empty part": ["ghcr.io/a//b", /"a\/\/b" is no name/],
  "a way out of the repository": ["ghcr.io/../x", /is no name of a repository/],
  "a query": ["ghcr.io/a?x=y", /is no name of a repository/],
  "an empty tag": ["ghcr.io/a:", /"" is no tag/],
  "two tags": ["ghcr.io/a:b:c", /"b:c" is no tag/],
  "a digest": [`ghcr.io/a@sha256:${"0".repeat(64)}`, /the digest follows from what is pushed/],
  "a URL": ["https://ghcr.io/a", /doesn't begin with the host/],
  "a user": ["me:secret@ghcr.io/a", /can't be given/],
};

describe("parsePushTarget", () => {
  for (const [text, expected] of Object.entries(good)) {
    it(`reads ${text}`, () => {
      assert.deepEqual(parsePushTarget(text), expected);
    });
  }
  for (const [sentence, [text, message]] of Object.entries(bad)) {
    it(`refuses ${sentence}: "${text}"`, () => {
      assert.throws(() => parsePushTarget(text), { name: "InvalidReference", message });
    });
  }
});

describe("isImageReference", () => {
  const digest = `sha256:${"0".repeat(64)}`;
  for (const text of [
    "busybox",
    "busybox:1.36",
    "ghcr.io/a/b:1",
    `127.0.0.1:5000/lab/action@${digest}`,
    `a.b/c:1@${digest}`,
  ]) {
    it(`accepts ${text}`, () => {
      assert.equal(isImageReference(text), true);
    });
  }
  for (const text of ["", "a b", "a/B", "$(params.image)", "a@sha256:0", "-a", `a@${digest}0`]) {
    it(`refuses "${text}"`, () => {
      assert.equal(isImageReference(text), false);
    });
  }
});
