import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { credentialsFor } from "./docker-config.ts";

const auth = Buffer.from("me:pass:word").toString("base64");
const me = { username: "me", password: "pass:word" };

const cases: Readonly<Record<string, readonly [config: unknown, registry: string, expected: object | undefined]>> = {
  "by the registry's name": [{ auths: { "ghcr.io": { auth } } }, "ghcr.io", me],
  "by its name and port": [{ auths: { "127.0.0.1:5000": { auth } } }, "127.0.0.1:5000", me],
  "by an old address with scheme and path": [{ auths: { "https://ghcr.io/v2/": { auth } } }, "ghcr.io", me],
  "for Docker Hub by the name that docker gives it": [
    { auths: { "https://index.docker.io/v1/": { auth } } },
    "docker.io",
    me,
  ],
  "from user name and password": [
    { auths: { "ghcr.io": { username: "me", password: "x" } } },
    "ghcr.io",
    { username: "me", password: "x" },
  ],
  "not of another registry": [{ auths: { "ghcr.io": { auth } } }, "ghcr.io.example.com", undefined],
  "not of another port": [{ auths: { "localhost:5000": { auth } } }, "localhost:5001", undefined],
  "not where a helper keeps them": [{ auths: { "ghcr.io": {} }, credsStore: "desktop" }, "ghcr.io", undefined],
  "not from an entry that is none": [{ auths: { "ghcr.io": { auth: "bm9jb2xvbg==" } } }, "ghcr.io", undefined],
  "not from an empty file": [{}, "ghcr.io", undefined],
  "not from something else": [[1], "ghcr.io", undefined],
};

describe("credentialsFor", () => {
  for (const [sentence, [config, registry, expected]] of Object.entries(cases)) {
    it(`finds them ${sentence}`, () => {
      assert.deepEqual(credentialsFor(JSON.stringify(config), registry), expected);
    });
  }
  it("doesn't repeat a broken file, which may hold secrets", () => {
    assert.throws(() => credentialsFor('{"auths": secret', "ghcr.io"), {
      message: "the docker configuration is not JSON",
    });
  });
});
