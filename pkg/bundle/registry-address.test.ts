import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { apiHostOf, isLoopback, schemesFor } from "./registry-address.ts";

const near = [
  "localhost",
  "localhost:5000",
  "127.0.0.1:5000",
  "127.8.9.10",
  "[::1]:5000",
  "10.1.2.3:5000",
  "172.16.0.1",
];
const alsoNear = ["172.31.255.255", "192.168.1.1:443", "registry.local", "registry.local:5000"];
const far = [
  "ghcr.io",
  "11.1.2.3",
  "172.15.0.1",
  "172.32.0.1",
  "192.169.1.1",
  "10.example.com",
  "localhost.example.com",
];

describe("schemesFor", () => {
  for (const registry of [...near, ...alsoNear]) {
    it(`tries plain http after https for ${registry}`, () => {
      assert.deepEqual(schemesFor(registry, false), ["https", "http"]);
    });
  }
  for (const registry of far) {
    it(`never tries plain http for ${registry}`, () => {
      assert.deepEqual(schemesFor(registry, false), ["https"]);
    });
  }
  it("tries nothing but plain http when the user wants it", () => {
    assert.deepEqual(schemesFor("ghcr.io", true), ["http"]);
  });
});

describe("isLoopback", () => {
  const loopback = ["localhost:5000", "127.0.0.1", "127.8.9.10:1", "[::1]"];
  for (const registry of loopback)
    it(`holds for ${registry}`, () => {
      assert.equal(isLoopback(registry), true);
    });
  const others = ["10.0.0.1", "registry.local", "127.0.0.1.example.com", "notlocalhost"];
  for (const registry of others)
    it(`doesn't hold for ${registry}`, () => {
      assert.equal(isLoopback(registry), false);
    });
});

describe("apiHostOf", () => {
  it("knows where Docker Hub's API is", () => {
    assert.equal(apiHostOf("docker.io"), "registry-1.docker.io");
    assert.equal(apiHostOf("ghcr.io"), "ghcr.io");
  });
});
