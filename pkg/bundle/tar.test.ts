import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, it } from "node:test";
import { gzipOf } from "./gzip.ts";
import { tarOf } from "./tar.ts";

function systemTar(args: readonly string[], archive: Buffer): string {
  const ended = spawnSync("tar", args, { input: archive, encoding: "utf8", env: { ...process.env, TZ: "UTC" } });
  assert.equal(ended.status, 0, ended.stderr);
  return ended.stdout;
}

describe("tarOf", () => {
  for (const size of [0, 1, 511, 512, 513, 100_000]) {
    it(`makes an archive of ${String(size)} bytes that the system's tar reads`, () => {
      const content = Buffer.alloc(size, "x");
      const archive = tarOf("workflow", content);
      assert.equal(archive.length % 512, 0);
      assert.equal(systemTar(["-xOf", "-", "workflow"], archive), content.toString());
    });
  }

  it("owes nothing to the machine: owner 0, mode 0600, time 0", () => {
    const listed = systemTar(["--numeric-owner", "-tvf", "-"], tarOf("workflow", Buffer.from("{}")));
    assert.match(listed, /^-rw------- 0\/0 +2 1970-01-01 00:00 workflow\n$/);
  });

  it("goes through gzip to the system's tar", () => {
    assert.equal(systemTar(["-xzOf", "-"], gzipOf(tarOf("workflow", Buffer.from("{}")))), "{}");
  });

  it("refuses a name that the header can't hold", () => {
    assert.throws(() => tarOf("n".repeat(101), Buffer.from("")), /too long/);
  });
});
