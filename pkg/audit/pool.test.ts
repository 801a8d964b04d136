import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { inspect } from "node:util";
import { createPool, describeDatabase } from "./pool.ts";

describe("a database URL", () => {
  const leads: Readonly<Record<string, readonly [string, string]>> = {
    "a usual one": ["postgres://writer:pa55word@db.example:6432/audit?sslmode=disable", "db.example:6432/audit"],
    "the long scheme and no port": ["postgresql://writer:pa55word@db.example/audit", "db.example:5432/audit"],
    "a socket": ["socket://writer:pa55word@/run/postgresql?db=audit", "/run/postgresql:5432/audit"],
  };
  for (const [sentence, [url, description]] of Object.entries(leads)) {
    it(`is described without user and password: ${sentence}`, () => {
      assert.equal(describeDatabase(url), description);
    });
  }

  const bad: Readonly<Record<string, readonly [string, string]>> = {
    "no URL": ["pa55word", "it has another scheme"],
    "another scheme": ["https://writer:pa55word@db.example/audit", "it has another scheme"],
    "a port that is none": ["postgres://writer:pa55word@db.example:port/audit", "ERR_INVALID_URL"],
    "a missing certificate": ["postgres://writer:pa55word@db.example/audit?sslrootcert=/nowhere/ca.pem", "ENOENT"],
  };
  for (const [sentence, [url, why]] of Object.entries(bad)) {
    it(`is refused without being repeated: ${sentence}`, () => {
      assert.throws(
        () => createPool({ url, onIdleError: () => undefined }),
        (error) => {
          const all = inspect(error, { depth: Infinity, showHidden: true });
          return error instanceof Error && error.message.endsWith(`(${why})`) && !all.includes("pa55word");
        },
      );
    });
  }
});
