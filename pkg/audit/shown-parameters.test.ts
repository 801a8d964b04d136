import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { anAuditedExecution, anEntry } from "../../test/support/audited-execution.ts";
import type { AuditEntry, WorkflowExecution } from "../api/workflow-execution.ts";
import { auditedExecution } from "./audited-execution.ts";
import type { EventRow } from "./event-content.ts";
import { buildEventRow } from "./event-row.ts";
import type { RowContext } from "./event-row.ts";
import { hiddenValue, hmacKey } from "./hidden-value.ts";

const context = { clusterId: "eu-1" };
const key = hmacKey(Buffer.alloc(32, 7).toString("base64"));

function rowOf(execution: WorkflowExecution, entry: AuditEntry, as: RowContext): EventRow {
  return buildEventRow(auditedExecution(execution), entry, as);
}

describe("the parameters in a row", () => {
  const parameters = { TARGET_RESOURCE_NAME: "checkout", API_TOKEN: "s3cret", REPLICAS: "3" };

  const execution = anAuditedExecution({ spec: { parameters } });

  it("show their names, and no value unless it is named as harmless", () => {
    const row = rowOf(execution, anEntry(1), context);
    assert.deepEqual(row.parameters, {
      TARGET_RESOURCE_NAME: "redacted",
      API_TOKEN: "redacted",
      REPLICAS: "redacted",
    });
  });

  it("show the values of those that are named as harmless, and of no others", () => {
    const row = rowOf(execution, anEntry(1), { ...context, shownParameters: ["REPLICAS"] });
    assert.deepEqual(row.parameters, { TARGET_RESOURCE_NAME: "redacted", API_TOKEN: "redacted", REPLICAS: "3" });
  });

  it("show what the others are equal to, to those who have the key that the row names", () => {
    const row = rowOf(execution, anEntry(1), { ...context, shownParameters: ["REPLICAS"], hmacKey: key });
    assert.deepEqual(row.parameters, {
      TARGET_RESOURCE_NAME: hiddenValue("TARGET_RESOURCE_NAME", "checkout", key),
      API_TOKEN: hiddenValue("API_TOKEN", "s3cret", key),
      REPLICAS: "3",
    });
    assert.equal(row.key_id, key.id);
  });

  it("never let a secret value into any column, nor into a hash that could be guessed from", () => {
    const name = fc.stringMatching(/^[A-Z][A-Z0-9_]{0,20}$/).filter((text) => !text.startsWith("TARGET_RESOURCE"));
    fc.assert(
      fc.property(fc.dictionary(name, fc.string(), { minKeys: 1 }), (secrets) => {
        const marked = Object.entries(secrets).map(([key, value]) => [key, `canary ${value}`]);
        const hidden = anAuditedExecution({ spec: { parameters: Object.fromEntries(marked) as typeof secrets } });
        const other = anAuditedExecution({ spec: { parameters: secrets } });
        const row = rowOf(hidden, anEntry(1), context);
        assert.doesNotMatch(JSON.stringify(row), /canary/);
        assert.deepEqual(row, rowOf(other, anEntry(1), context));
      }),
    );
  });
});

describe("the rationale in a row", () => {
  const parameters = { API_TOKEN: "s3cret-of-nobody", MODE: "rolling-update" };
  const rationale = "s3cret-of-nobody allows a rolling-update of checkout, password=hunter2";
  const execution = anAuditedExecution({ spec: { parameters, rationale } });

  it("has neither the values of hidden parameters nor what looks like a secret", () => {
    const row = rowOf(execution, anEntry(1), { ...context, shownParameters: ["MODE"] });
    assert.equal(row.rationale, "[redacted] allows a rolling-update of checkout, password=[redacted]");
  });

  it("doesn't make an event another one where other parameters are shown", () => {
    const [none, one, all] = [[], ["MODE"], ["MODE", "API_TOKEN"]].map((shownParameters) =>
      rowOf(execution, anEntry(1), { ...context, shownParameters }),
    );
    assert.notEqual(one?.rationale, all?.rationale);
    assert.equal(one?.content_hash, none?.content_hash);
    assert.equal(one?.content_hash, all?.content_hash);
  });

  it("makes an event another one where it says something else", () => {
    const other = anAuditedExecution({ spec: { parameters, rationale: `${rationale}, and more` } });
    assert.notEqual(rowOf(other, anEntry(1), context).content_hash, rowOf(execution, anEntry(1), context).content_hash);
  });
});

describe("the remediation request in a row", () => {
  it("is named without what looks like a secret", () => {
    const remediationRequestRef = { name: "https://app:hunter2@host/1", uid: "token=hunter2" };
    const row = rowOf(anAuditedExecution({ spec: { remediationRequestRef } }), anEntry(1), context);
    assert.deepEqual([row.correlation_id, row.remediation_uid], ["https://[redacted]@host/1", "token=[redacted]"]);
  });
});
