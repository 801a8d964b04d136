import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { hiddenValues, withoutValues } from "./hidden-values.ts";

const none = { shown: [], known: "payment/deployment/checkout" };
const KEY = ["-----BEGIN KEY-----", "MIIEowIBAAKCAQEA1", "c2VjcmV0IGxpbmUgdHdv", "ab=="].join("\n");

function shownOf(text: string, parameters: Readonly<Record<string, string>>, shown: readonly string[] = []): string {
  return withoutValues(text, hiddenValues(parameters, { ...none, shown }));
}

/** The parameters, what was written, and what is left of it. */
const cases: Readonly<Record<string, readonly [Readonly<Record<string, string>>, string, string]>> = {
  "takes a value out wherever it stands": [
    { API_TOKEN: "s3cret-value" },
    "s3cret-value was sent; s3cret-value.example refused it (s3cret-value)",
    "[redacted] was sent; [redacted].example refused it ([redacted])",
  ],
  "takes it out as JSON and URLs write it": [
    { NOTE: 'say "hi" & go' },
    String.raw`{"note":"say \"hi\" & go"} GET /x?note=say%20%22hi%22%20%26%20go`,
    `{"note":"[redacted]"} GET /x?note=[redacted]`,
  ],
  "takes the longer value out first": [
    { A: "s3cret-value", B: "s3cret-value-and-more" },
    "s3cret-value-and-more, s3cret-value",
    "[redacted], [redacted]",
  ],
  "takes it out without the blanks and line breaks around it": [
    { A: "  s3cret-value\n" },
    "found s3cret-value.",
    "found [redacted].",
  ],
  "takes single lines of a long value out, unless they are short": [
    { KEY },
    "at c2VjcmV0IGxpbmUgdHdv of MIIEowIBAAKCAQEA1, ab==",
    "at [redacted] of [redacted], ab==",
  ],
  "takes out the end of a value with which a text begins, as the end of a log does": [
    { KEY, B: "0123456789-s3cret" },
    "6789-s3cret\nfailed",
    "[redacted]\nfailed",
  ],
  "takes out the beginning of a value with which a text ends, as a message that was cut does": [
    { A: "0123456789-s3cret" },
    "found 0123456789-s3...",
    "found [redacted]...",
  ],
  "leaves fewer than 8 characters of a value that was cut": [
    { A: "0123456789-s3cret" },
    "-s3cret is the end of 0123456…",
    "-s3cret is the end of 0123456…",
  ],
  "leaves values of fewer than 8 characters: they are also words": [
    { REPLICAS: "3", MODE: "rolling" },
    "3 rolling updates",
    "3 rolling updates",
  ],
  "leaves what repeats a part of the target": [
    { APP: "checkout", KIND: "Deployment" },
    "Deployment checkout not found",
    "Deployment checkout not found",
  ],
  "leaves a text without any of them alone": [{ A: "s3cret-value" }, "s3cret-valve", "s3cret-valve"],
  "doesn't take its own mark apart": [{ A: "s3cret-value", B: "redacted" }, "s3cret-value", "[redacted]"],
};

describe("a text without the values of hidden parameters", () => {
  for (const [sentence, [parameters, text, left]] of Object.entries(cases)) {
    it(sentence, () => {
      assert.equal(shownOf(text, parameters), left);
    });
  }

  it("keeps the values of parameters that are shown, and those that are equal to one", () => {
    const parameters = { SHOWN: "rolling-update", SAME: "rolling-update", OTHER: "s3cret-value" };
    assert.equal(shownOf("rolling-update s3cret-value", parameters, ["SHOWN"]), "rolling-update [redacted]");
  });

  it("holds no value of 8 characters or more, nor its end or beginning where it was cut, whatever is around it", () => {
    const value = fc.string({ minLength: 8, maxLength: 40 }).filter((text) => text.trim().length >= 16);
    fc.assert(
      fc.property(value, fc.nat(), fc.string(), (secret, cut, around) => {
        const whole = secret.trim();
        const at = 1 + (cut % (whole.length - 8));
        for (const text of [`${around}${whole}${around}`, whole.slice(at) + around, around + whole.slice(0, -at)]) {
          const left = shownOf(text, { A: secret });
          assert.ok(!left.includes(whole) && !left.includes(whole.slice(at)) && !left.includes(whole.slice(0, -at)));
        }
      }),
    );
  });

  it("doesn't throw for half surrogate pairs, and is quick with values made to be slow", () => {
    const slow = { A: "a".repeat(8192), B: "\uD800".repeat(8192), C: `${"ab".repeat(4095)}c` };
    assert.equal(shownOf(`x${"a".repeat(8191)}`, slow), "x[redacted]");
    assert.equal(shownOf("ab".repeat(40_000), slow).length > 0, true);
  });
});
