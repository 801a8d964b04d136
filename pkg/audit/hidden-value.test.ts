import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { describe, it } from "node:test";
import { inspect } from "node:util";
import { hiddenValue, hmacKey } from "./hidden-value.ts";

const bytes = Buffer.alloc(32, 7);
const key = hmacKey(bytes.toString("base64"));
const other = hmacKey(Buffer.alloc(32, 8).toString("base64"));

describe("a hidden value", () => {
  it("is an HMAC-SHA256 over name, zero byte and value, under the first 8 digits of the key's SHA-256", () => {
    const id = createHash("sha256").update(bytes).digest("hex").slice(0, 8);
    const mac = createHmac("sha256", bytes).update(Buffer.from("API_TOKEN\0s3cret-ü")).digest("hex");
    assert.equal(hiddenValue("API_TOKEN", "s3cret-ü", key), `hmac:${id}:${mac}`);
    assert.equal(key.id, id);
  });

  it("never changes: values that are on record must stay provable", () => {
    assert.equal(
      hiddenValue("API_TOKEN", "s3cret", key),
      "hmac:4bb06f8e:b9c9487f63aeaf547b9251e111af678a6c36aae6bf4a14e33b0e16b4abcbb5af",
    );
  });

  const different: Readonly<Record<string, string>> = {
    "another value": hiddenValue("API_TOKEN", "s3cret2", key),
    "another parameter of the same value": hiddenValue("API_KEY", "s3cret", key),
    "another key": hiddenValue("API_TOKEN", "s3cret", other),
  };
  for (const [sentence, value] of Object.entries(different)) {
    it(`looks different for ${sentence}`, () => {
      assert.notEqual(value, hiddenValue("API_TOKEN", "s3cret", key));
    });
  }

  it("is the same word for all values where there is no key", () => {
    assert.equal(hiddenValue("API_TOKEN", "s3cret", undefined), "redacted");
    assert.equal(hiddenValue("API_KEY", "", undefined), "redacted");
  });
});

describe("the key for hidden values", () => {
  it("doesn't print itself", () => {
    const printed = `${inspect(key, { depth: 9, showHidden: true })} ${JSON.stringify(key)}`;
    for (const form of ["base64", "hex"] as const) assert.ok(!printed.includes(bytes.toString(form).slice(0, 16)));
  });
});
