import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { sha256Hex } from "../../pkg/api/sha256.ts";
import { hmacKey } from "../../pkg/audit/hidden-value.ts";
import { loadConfig } from "../../pkg/config/load-config.ts";
import { version } from "../version.ts";
import { policyText } from "./policy-text.ts";
import { rowContext } from "./row-context.ts";

describe("what the rows of a controller say of it", () => {
  it("is its cluster, its policy, what it shows and hides, its pod and its version", () => {
    const AUDIT_HMAC_KEY = Buffer.alloc(32, 7).toString("base64");
    const env = { DATABASE_URL: "postgresql://db/audit", POD_NAME: "controller-7d9f", AUDIT_HMAC_KEY };
    const config = loadConfig({ text: "clusterID: east\naudit: {shownParameters: [REPLICAS]}", env });
    const { recorder = "", hmacKey: key, ...others } = rowContext(config);
    assert.equal(key?.id, hmacKey(AUDIT_HMAC_KEY).id);
    assert.deepEqual(others, {
      clusterId: "east",
      shownParameters: ["REPLICAS"],
      policyHash: sha256Hex(policyText(config)),
      controllerVersion: version,
    });
    assert.match(recorder, /^controller-7d9f\//);
  });
});
