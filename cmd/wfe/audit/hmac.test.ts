import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { hiddenValue, hmacKey } from "../../../pkg/audit/hidden-value.ts";
import { auditHmac } from "./hmac.ts";

const AUDIT_HMAC_KEY = Buffer.alloc(32, 7).toString("base64");

async function hmacOf(value: string, key = AUDIT_HMAC_KEY) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await auditHmac(
    { group: "audit", name: "hmac", parameter: "API_TOKEN" },
    {
      hmacKey: key,
      readInput: () => Promise.resolve(value),
      print: (text) => out.push(text),
      tell: (text) => err.push(text),
    },
  );
  return { code, out, err };
}

describe("wfe audit hmac", () => {
  it("prints what a row has of that value", async () => {
    const expected = hiddenValue("API_TOKEN", "s3cret", hmacKey(AUDIT_HMAC_KEY));
    assert.deepEqual(await hmacOf("s3cret"), { code: 0, out: [expected], err: [] });
  });

  it("takes the value byte for byte, and says so where it ends with a line break", async () => {
    const { out, err } = await hmacOf("s3cret\n");
    assert.deepEqual(out, [hiddenValue("API_TOKEN", "s3cret\n", hmacKey(AUDIT_HMAC_KEY))]);
    assert.match(err.join(""), /line break, which counts/);
  });

  for (const [sentence, key] of Object.entries({ "no key": "", "a key that is none": "hunter22" })) {
    it(`refuses ${sentence}, and repeats neither key nor value`, async () => {
      await assert.rejects(hmacOf("s3cret", key), (error: unknown) => {
        assert.match(String(error), /AUDIT_HMAC_KEY is not set or is no key/);
        assert.doesNotMatch(String(error), /hunter22|s3cret/);
        return true;
      });
    });
  }
});
