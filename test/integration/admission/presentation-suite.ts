import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import type { TargetLock } from "../../../pkg/api/target-lock.ts";
import type { WorkflowExecution } from "../../../pkg/api/workflow-execution.ts";
import { waitFor } from "../../cluster/wait.ts";
import { type CrdSchema, fieldsOf } from "../../generate/crd.ts";
import { bodyOf } from "./answer.ts";
import type { ClusterContext } from "./cluster-context.ts";
import { aHeldLock, anExecution, EXECUTIONS, LOCKS, merged } from "./objects.ts";

const publishDeadlineMs = 30_000;
const openApiPath = "/openapi/v3/apis/kubernaut.ai/v1alpha1";

const execution = merged(anExecution(), {
  spec: { targetResource: "shown/deployment/api", workflowRef: { workflowId: "shown" } },
}) as WorkflowExecution;
const status = {
  phase: "Running",
  reason: "Unschedulable",
  message: "no node has 4 CPUs",
  duration: "1m5s",
  executionRef: { namespace: "kubernaut-workflows", name: "shown-run", uid: "uid-1" },
  executionStatus: { progress: "2/5" },
  audit: { seq: 41 },
};
const lock = merged(aHeldLock(), {
  spec: {
    targetResource: "shown/deployments.apps/api",
    summary: { holder: "default/one", since: "2026-01-02T03:04:05Z", run: "shown-run", blocked: "a,b" },
  },
}) as TargetLock;

/** What people see of both kinds: kubectl get, kubectl explain, selection by field. */
export function testPresentation(context: ClusterContext): void {
  describe("people", () => {
    before(async () => {
      await createShown(context);
    });
    testColumns(context);
    testSelection(context);
    testDescriptions(context);
  });
}

async function createShown({ send }: ClusterContext): Promise<void> {
  bodyOf(await send("POST", EXECUTIONS, execution));
  bodyOf(await send("PATCH", `${EXECUTIONS}/${execution.metadata.name}/status`, { status }));
  bodyOf(await send("POST", LOCKS, lock));
}

function testColumns({ kubectl }: ClusterContext): void {
  const { name } = execution.metadata;
  it("see the state of an execution in kubectl get", async () => {
    const [header, row] = await get("wfe", name);
    assert.deepEqual(header, ["NAME", "PHASE", "WORKFLOW", "TARGET", "REASON", "DURATION", "AGE"]);
    assert.deepEqual(row?.slice(0, -1), [name, "Running", "shown", "shown/deployment/api", "Unschedulable", "1m5s"]);
  });
  it("see run, progress, message and audit number in the wide form", async () => {
    const [header, row] = await get("wfe", name, "-o", "wide");
    assert.deepEqual(header?.slice(7), ["PIPELINERUN", "PROGRESS", "MESSAGE", "AUDIT"]);
    assert.deepEqual(row?.slice(7), ["shown-run", "2/5", "no node has 4 CPUs", "41"]);
  });
  it("see who holds a target", async () => {
    const [header, row] = await get("tlock", lock.metadata.name);
    assert.deepEqual(header, ["NAME", "TARGET", "STATE", "HOLDER", "SINCE", "RUN", "BLOCKED"]);
    assert.deepEqual(row?.toSpliced(4, 1), [
      lock.metadata.name,
      lock.spec.targetResource,
      "Held",
      "default/one",
      "shown-run",
      "a,b",
    ]);
    assert.match(row[4] ?? "", /^\d+[smhdy]/);
  });
  it("find executions among everything that kubectl get kubernaut and all show", async () => {
    const lines = await kubectl(["get", "kubernaut,all", "-o", "name"]);
    assert.ok(lines.includes(`workflowexecution.kubernaut.ai/${name}\n`), lines);
  });

  async function get(...args: readonly string[]): Promise<readonly (readonly string[])[]> {
    return tableOf(await kubectl(["get", ...args]));
  }
}

function testSelection({ send }: ClusterContext): void {
  const selections: readonly [string, string, readonly [string, string][], string][] = [
    [
      "executions by target, workflow and phase",
      EXECUTIONS,
      [
        ["spec.targetResource", "shown/deployment/api"],
        ["spec.workflowRef.workflowId", "shown"],
        ["status.phase", "Running"],
      ],
      execution.metadata.name,
    ],
    [
      "locks by target and state",
      LOCKS,
      [
        ["spec.targetResource", lock.spec.targetResource],
        ["spec.state", "Held"],
      ],
      lock.metadata.name,
    ],
  ];
  for (const [sentence, path, fields, name] of selections) {
    it(`select ${sentence}`, async () => {
      const found = await select(fields.map(([field, value]) => `${field}=${value}`));
      assert.deepEqual(found, [name]);
      for (const [field] of fields) {
        const others = await select([`${field}=other`]);
        assert.deepEqual(others, [], field);
      }
    });
    async function select(terms: readonly string[]): Promise<readonly string[]> {
      const list = bodyOf(await send("GET", `${path}?fieldSelector=${encodeURIComponent(terms.join(","))}`));
      return (list as { items: readonly { metadata: { name: string } }[] }).items.map(({ metadata }) => metadata.name);
    }
  }
}

function testDescriptions({ send, kubectl }: ClusterContext): void {
  it("find a description of every field in the published API", async () => {
    const published = await publishedSchemas();
    for (const kind of ["WorkflowExecution", "TargetLock"]) {
      const schema = published[`ai.kubernaut.v1alpha1.${kind}`];
      assert.ok(schema !== undefined, kind);
      const fields = fieldsOf(schema);
      assert.ok(fields.length > 40, `${kind} has only ${String(fields.length)} fields`);
      const silent = fields.filter((field) => !field.schema.description).map(({ path }) => path.join("."));
      assert.deepEqual(silent, []);
    }
  });
  it("are told by kubectl explain what a field means", async () => {
    await publishedSchemas();
    assert.match(
      await kubectl(["explain", "wfe.spec.executionConfig.timeout"]),
      /Longest time that the whole run may take/,
    );
    assert.match(
      await kubectl(["explain", "wfe.spec.cancel.mode"]),
      /enum: StopRunFinally, CancelRunFinally, Cancel|ENUM:\s+StopRunFinally\s+CancelRunFinally\s+Cancel\s/,
    );
    assert.match(await kubectl(["explain", "tlock.spec.epoch"]), /Grows by 1 each time the lock is taken/);
    assert.match(await kubectl(["explain", "wfe.status", "--recursive"]), /naturalLanguageSummary/);
  });

  /** The API server publishes a CRD's schema some moments after it has accepted the CRD. */
  async function publishedSchemas(): Promise<Readonly<Record<string, CrdSchema>>> {
    let schemas: Record<string, CrdSchema> = {};
    await waitFor("the schemas of both kinds", publishDeadlineMs, async () => {
      const { body } = await send("GET", openApiPath);
      schemas = (body as { components?: { schemas: Record<string, CrdSchema> } }).components?.schemas ?? {};
      return ["WorkflowExecution", "TargetLock"].every((kind) => `ai.kubernaut.v1alpha1.${kind}` in schemas);
    });
    return schemas;
  }
}

/** kubectl separates columns by two or more blanks. */
function tableOf(output: string): readonly string[][] {
  return output
    .trimEnd()
    .split("\n")
    .map((line) => line.trimEnd().split(/ {2,}/));
}
