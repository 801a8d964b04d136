import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aCase } from "../../../test/support/builders/a-snapshot.ts";
import { aWorkflowExecution } from "../../../test/support/builders/a-workflow-execution.ts";
import { eventsIn, written } from "../../../test/support/builders/written.ts";
import { troubled } from "./troubled.ts";

const trouble = { reason: "QuotaExceeded", message: "exceeded quota: runs" };

describe("an execution that can't go on at the moment", () => {
  it("asks whether we may create runs at all, where the creation was forbidden", () => {
    const step = troubled(aCase({ more: { forbidden: "no" } }));
    assert.deepEqual(step, { type: "ReviewAccess", namespace: "kubernaut-workflows" });
  });
  it("shows why in its status, without an event and without an end", () => {
    const step = troubled(aCase({ more: { trouble } }));
    const { phase, reason, message } = written(step);
    assert.deepEqual([phase, reason, message], ["Pending", "QuotaExceeded", "exceeded quota: runs"]);
    assert.deepEqual(eventsIn(step), []);
  });
  it("tries again later where its status says so already", () => {
    const status = written(troubled(aCase({ more: { trouble } })));
    const step = troubled(aCase({ execution: aWorkflowExecution({ status }), more: { trouble } }));
    assert.deepEqual(step, { type: "Backoff", message: "QuotaExceeded: exceeded quota: runs" });
  });
  it("shows no secret that a server quoted", () => {
    const message = "https://user:hunter2@registry.example refused";
    const status = written(troubled(aCase({ more: { trouble: { reason: "NotInstalled", message } } })));
    assert.doesNotMatch(status.message ?? "", /hunter2/);
  });
  it("is no matter of this rule where nothing stands in its way", () => {
    assert.equal(troubled(aCase()), undefined);
  });
});
