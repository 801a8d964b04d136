import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aCase } from "../../test/support/builders/a-snapshot.ts";
import { aBoundLock } from "../../test/support/builders/a-target-lock.ts";
import { aPipelineRun, type RunProgress } from "../../test/support/builders/a-pipeline-run.ts";
import { aWorkflowExecution } from "../../test/support/builders/a-workflow-execution.ts";
import { after, timeAfter } from "../../test/support/builders/moments.ts";
import { written } from "../../test/support/builders/written.ts";
import { anEndedStep, aTaskRun } from "../../test/support/a-task-run.ts";
import { ANNOTATION_STOP_REASON } from "../api/labels.ts";
import type { AuditEntry, WorkflowExecution } from "../api/workflow-execution.ts";
import { MAX_PENDING, MAX_RECORDED } from "./outbox.ts";
import { skip } from "./rules/skip.ts";
import { ended } from "./rules/ended.ts";
import type { Case } from "./rule.ts";

/** Limits of the CRD. */
const MAX_FACTS = 32;
const MAX_CHARACTERS = 4096;

/** An entry is never longer; so an outbox full of such entries alone stays below what etcd allows in an object (1.5 MiB). */
const MAX_ENTRY_BYTES = 64 * 1024;
const MAX_OBJECT_BYTES = 1.5 * 1024 * 1024;

/** What takes most room: in UTF-8, and in JSON. */
const LETTERS = ["🙂", '"'];

interface Longest {
  readonly w: WorkflowExecution;
  readonly c: Case;
  /** Longer than any text may be. */
  readonly text: string;
}

function longest(letter: string): Longest {
  const text = letter.repeat(8192);
  const groups = Array.from({ length: 32 }, () => letter.repeat(256));
  const requester = { username: letter.repeat(1024), uid: letter.repeat(256), groups };
  const repeated = { type: "StepsRepeated", status: "True", reason: "PodRecreated", message: text } as const;
  const w = aWorkflowExecution({
    metadata: { deletionTimestamp: timeAfter(20) },
    spec: { requestedBy: requester, cancel: { mode: "Cancel", reason: letter.repeat(1024), requestedBy: requester } },
    status: {
      executionRef: { namespace: "n".repeat(63), name: "r".repeat(253), uid: "u".repeat(128) },
      locks: [{ name: "l".repeat(253), uid: "u".repeat(128), epoch: Number.MAX_SAFE_INTEGER }],
      conditions: [{ ...repeated, lastTransitionTime: timeAfter(10) }],
    },
  });
  const steps = Array.from({ length: 20 }, (_, at) => ({ ...anEndedStep(`s${String(at)}`, 3), imageID: text }));
  const tasks = Array.from({ length: 9 }, (_, at) => `t${String(at)}`);
  const taskRuns = tasks.map((task) => aTaskRun({ task, reason: "Failed", message: text, steps }));
  return { w, c: aCase({ execution: w, lock: aBoundLock(w), taskRuns, now: after(40) }), text };
}

function endOfRun({ w, c }: Longest, progress: RunProgress): AuditEntry | undefined {
  const annotations = { [ANNOTATION_STOP_REASON]: "Cancel" };
  const spec = { taskRunTemplate: { serviceAccountName: "s".repeat(63) } };
  return written(ended(c, aPipelineRun(w, progress, { metadata: { annotations }, spec }))).audit?.pending?.at(-1);
}

function skipped({ c, text }: Longest): readonly AuditEntry[] {
  const other = { namespace: "n".repeat(63), name: "e".repeat(253), workflowId: "w".repeat(253), targetResource: "t" };
  const details = { reason: "RecentlyRemediated", message: text, skippedAt: timeAfter(10), recentRemediation: other };
  return written(skip(c, { kind: "backoff", until: after(120), details })).audit?.pending ?? [];
}

const entries = LETTERS.flatMap((letter) => {
  const most = longest(letter);
  const [requested, skip] = skipped(most);
  return Object.entries({
    [`the request, of ${letter}`]: requested,
    [`the skip, of ${letter}`]: skip,
    [`the failure, of ${letter}`]: endOfRun(most, "failed"),
    [`the cancel, of ${letter}`]: endOfRun(most, "cancelled"),
  });
});

describe("the facts of an event, however long everything is,", () => {
  for (const [sentence, entry] of entries) {
    const { facts = {} } = entry ?? {};
    it(`are few and short enough for the outbox: ${sentence}`, () => {
      const names = Object.keys(facts);
      assert.ok(names.length > 0 && names.length <= MAX_FACTS, names.join());
      for (const [name, fact] of Object.entries(facts)) assert.ok(fact.length <= MAX_CHARACTERS, name);
    });
    it(`make no entry that is too long for a full outbox: ${sentence}`, () => {
      const bytes = Buffer.byteLength(JSON.stringify(entry));
      assert.ok(bytes <= MAX_ENTRY_BYTES, String(bytes));
      assert.ok((MAX_PENDING + MAX_RECORDED) * MAX_ENTRY_BYTES < MAX_OBJECT_BYTES);
    });
    it(`can be read where they are JSON: ${sentence}`, () => {
      for (const name of ["steps", "actorGroups"]) JSON.parse(facts[name] ?? "null");
    });
  }
  it("leave nearly all of the object to the rest: a life has one request and one end", () => {
    const longest = Math.max(...entries.map(([, entry]) => Buffer.byteLength(JSON.stringify(entry))));
    assert.ok(2 * longest < MAX_OBJECT_BYTES / 12, String(longest));
  });
  it("are all there in the longest one", () => {
    const [, entry] = entries.at(-1) ?? [];
    const names = Object.keys(entry?.facts ?? {});
    for (const name of [
      "actor",
      "actorUid",
      "actorGroups",
      "steps",
      "repeatedSteps",
      "cancelReason",
      "failureMessage",
    ]) {
      assert.ok(names.includes(name), name);
    }
  });
});
