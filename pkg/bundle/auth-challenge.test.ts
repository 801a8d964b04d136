import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseChallenge } from "./auth-challenge.ts";

const realm = "https://auth.example.com/token";
const cases: Readonly<Record<string, readonly [header: string, expected: object | undefined]>> = {
  "Bearer with a service": [
    `Bearer realm="${realm}",service="s",scope="repository:a:pull,push"`,
    { scheme: "bearer", realm, service: "s" },
  ],
  "Bearer without a service": [`bearer realm="${realm}"`, { scheme: "bearer", realm }],
  "parameters in another order, with spaces": [
    `Bearer scope="a,b", service=s, realm="${realm}"`,
    { scheme: "bearer", realm, service: "s" },
  ],
  "a scope that mentions a realm": [`Bearer scope="x realm=y",realm="${realm}"`, { scheme: "bearer", realm }],
  Basic: ['Basic realm="Registry"', { scheme: "basic" }],
  "Bearer after Basic": [`Basic realm="x", Bearer realm="${realm}"`, { scheme: "bearer", realm }],
  "Bearer without a realm beside Basic": ['Bearer service="s", Basic realm="x"', { scheme: "basic" }],
  Negotiate: ["Negotiate", undefined],
  nothing: ["", undefined],
};

describe("parseChallenge", () => {
  for (const [sentence, [header, expected]] of Object.entries(cases)) {
    it(`understands ${sentence}`, () => {
      assert.deepEqual(parseChallenge(header), expected);
    });
  }
});
