import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { sha256Hex } from "../../pkg/api/sha256.ts";
import { loadConfig } from "../../pkg/config/load-config.ts";
import { version } from "../version.ts";
import { policyText } from "./policy-text.ts";
import { rowContext } from "./row-context.ts";

describe("what the rows of a controller say of it", () => {
  it("is its cluster, its policy, its pod and its version", () => {
    const env = { DATABASE_URL: "postgresql://db/audit", POD_NAME: "controller-7d9f" };
    const config = loadConfig({ text: "clusterID: east", env });
    const { recorder = "", ...others } = rowContext(config);
    assert.deepEqual(others, {
      clusterId: "east",
      policyHash: sha256Hex(policyText(config)),
      controllerVersion: version,
    });
    assert.match(recorder, /^controller-7d9f\//);
  });
});
