import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { before, describe, it } from "node:test";
import { hiddenValue, hmacKey } from "../../../pkg/audit/hidden-value.ts";
import { createCanary } from "../../support/canary.ts";
import { aPlayedExecution } from "../../support/controller-world.ts";
import { select } from "../audit/migrated-database.ts";
import { liveAll, MARKERS } from "./canary-lives.ts";
import { outputs, type OutputName } from "./canary-outputs.ts";
import { useController } from "./context.ts";

const key = randomBytes(32).toString("base64");
// For the controller, which is a child of this process.
process.env["AUDIT_HMAC_KEY"] = key;
const canary = createCanary({ hmacKey: key });
const context = useController({ log: { level: "debug" } });

const { rationale, task, pod, run, pull, cancel, early, clearing, lock, log } = MARKERS;

/** What must be found in each output: so that nobody searches in what isn't there. */
const found: Readonly<Record<OutputName, readonly string[]>> = {
  "the rows of all audit tables and of the view": [rationale, task, pod, cancel, early, clearing, lock],
  "the statuses of all executions": [task, pod, run, pull, cancel, early, clearing],
  "all target locks": ["payment/deployments.apps/canary-fails", "workflow-of-canary-locked"],
  "all Kubernetes events": [task, cancel, early, clearing],
  "the controller's log at its most talkative": [log, "WriteStatus"],
  "the metrics": ["workflowexecution_total{"],
};

/** A secret in every input; looked for in every output (audit.md section 5). */
describe("after executions that were full of secrets, however they ended", () => {
  before(() => liveAll(context, canary));

  for (const name of Object.keys(found) as OutputName[]) {
    it(`no secret is in ${name}, but what was said beside it`, async () => {
      const text = await outputs[name](context);
      const missing = found[name].filter((marker) => !text.includes(marker));
      assert.deepEqual(missing, [], "this was not found: the search sees nothing");
      assert.deepEqual(canary.leaksIn(text), []);
    });
  }

  it("a row proves to whoever has key and value which value the hidden parameter had", async () => {
    const rows = await select(
      context.world().postgres.url,
      "SELECT DISTINCT key_id, parameters ->> 'API_TOKEN' AS token FROM audit.events WHERE wfe_name = 'canary-fails'",
    );
    const { id } = hmacKey(key);
    assert.deepEqual(rows, [{ key_id: id, token: hiddenValue("API_TOKEN", canary.parameter, hmacKey(key)) }]);
  });
});

describe("an execution whose bundle has a user and a password in its name", () => {
  it("isn't accepted, so that nothing of it can be written anywhere", async () => {
    const workflowRef = {
      workflowId: "w",
      version: "1",
      containerImage: `app:${canary.parameter}@registry.example/w:1`,
    };
    const execution = aPlayedExecution({ name: "user-info", target: "payment/deployment/x", spec: { workflowRef } });
    await assert.rejects(context.world().api.executions.create(execution), /must be an OCI reference/);
  });
});
