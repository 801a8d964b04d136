import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { loadConfig } from "../../pkg/config/load-config.ts";
import { settings } from "../../pkg/config/settings.ts";
import { policyText } from "./policy-text.ts";

const env = {
  DATABASE_URL: "postgresql://canary:canary@canary/canary",
  AUDIT_HMAC_KEY: "canary00".repeat(8),
  KUBECONFIG: "/canary",
  POD_NAME: "canary",
};

function textOf(text: string, environment: Readonly<Record<string, string>> = env): string {
  return policyText(loadConfig({ text, env: environment }));
}

describe("the policy in force", () => {
  it("has every setting, also those that the file leaves out", () => {
    const names = Object.keys(JSON.parse(textOf("")) as object);
    // Durations have their unit in their names.
    const expected = Object.keys(settings).map((name) => (names.includes(name) ? name : `${name}Ms`));
    assert.deepEqual(names, expected.toSorted());
  });
  it("is the same however the same settings are written", () => {
    const one = textOf("workers: 4\nbackoff:\n  max: 10m\n  base: 60s\n");
    assert.equal(one, textOf("backoff: {base: 1m}\nworkers: 4\n"));
    assert.notEqual(one, textOf("workers: 5\n"));
  });
  it("says nothing of the environment", () => {
    assert.doesNotMatch(textOf(""), /canary/);
    assert.equal(textOf(""), textOf("", { DATABASE_URL: "postgresql://db/audit" }));
  });
});
