import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { LABEL_EXECUTION_UID } from "../../../pkg/api/labels.ts";
import type { WorkflowExecution } from "../../../pkg/api/workflow-execution.ts";
import type { CommandResult } from "../../cluster/run-command.ts";
import { anEntry } from "../../support/audited-execution.ts";
import { REQUESTS, RUNS } from "../../support/controller-world.ts";
import { select } from "../audit/migrated-database.ts";
import { openLogin, wfe, type Login } from "../audit/wfe-process.ts";
import { create, playToEnd, remove, removeByForce, untilGone, untilRunning, useController } from "./context.ts";

describe("wfe audit completeness on a real cluster, in the order of what happens to it", () => {
  const { world, controller } = useController();
  let auditor: Login | undefined;
  let running: WorkflowExecution;

  async function compare(): Promise<CommandResult> {
    // Not earlier: the controller makes the roles when it first needs the database.
    auditor ??= await openLogin(world().postgres.url, "completeness_auditor", "audit_reader");
    return wfe(auditor.url, "completeness", "--kubeconfig", world().cluster.kubeconfig);
  }

  async function findings(): Promise<readonly string[]> {
    const { code, stdout, stderr } = await compare();
    assert.equal(code, 1, `${stdout}${stderr}`);
    const [verdict = "", waiting = "", ...lines] = stdout.trimEnd().split("\n");
    assert.match(waiting, /^waiting to be recorded: 1, /);
    assert.match(verdict, new RegExp(`^FAIL: ${String(lines.length)} findings; `));
    return lines.map((line) => line.replace(/ \(uid [^)]+\)/, "")).sort();
  }

  async function patchStatus(name: string, status: unknown): Promise<void> {
    const patch = ["--subresource=status", "--type=merge", "--patch", JSON.stringify({ status })];
    await world().kubectl("patch", "wfe", name, "-n", REQUESTS, ...patch);
  }

  it("passes executions that ended, that run, and that were deleted", async () => {
    await playToEnd(world(), { name: "kept", target: "payment/deployment/kept" }, "succeed");
    const deleted = await playToEnd(world(), { name: "deleted", target: "payment/deployment/deleted" }, "succeed");
    await remove(world(), deleted);
    await untilGone(world(), "deleted");
    const parameters = { PLAY_ENDING: "never" };
    await create(world(), { name: "running", target: "payment/deployment/running", parameters });
    running = await untilRunning(world(), "running");
    const { code, stdout, stderr } = await compare();
    assert.equal(code, 0, `${stdout}${stderr}`);
    assert.match(stdout, /^PASS; compared 1\d events of 3 objects with 5 objects and 2 runs in the cluster\n/);
  });

  it("tells what waits to be recorded, without calling it wrong", async () => {
    await controller().stop();
    await create(world(), { name: "waiting", target: "payment/deployment/waiting" });
    const pending = [anEntry(1, "requested", { at: "2026-01-01T00:00:00Z" })];
    await patchStatus("waiting", { phase: "Pending", audit: { pending } });
    const { code, stdout, stderr } = await compare();
    assert.equal(code, 0, `${stdout}${stderr}`);
    assert.match(stdout, /^waiting to be recorded: 1, in 1 objects, the oldest for \d+h/m);
  });

  it("finds an execution whose finalizer was removed by force", async () => {
    await removeByForce(world(), running);
    assert.deepEqual(await findings(), [
      `${REQUESTS}/running: gone: it isn't in the cluster and no event says that it was deleted: its finalizer was removed by force, or an older etcd was restored`,
      `${REQUESTS}/running: unended: its run was started, and no event says how it ended`,
    ]);
  });

  it("finds a run that nobody recorded", async () => {
    await world().api.runs.create({
      apiVersion: "tekton.dev/v1",
      kind: "PipelineRun",
      metadata: { name: "foreign", namespace: RUNS, labels: { [LABEL_EXECUTION_UID]: "none" } },
      spec: { pipelineRef: { resolver: "bundles", params: [] } },
    });
    assert.match((await findings()).at(0) ?? "", new RegExp(`^PipelineRun ${RUNS}/foreign: unrecorded-run: `));
  });

  it("finds a row that somebody removed from the trail, and a receipt that isn't that of its row", async () => {
    // As a superuser can who knows what guards the trail.
    const { url } = world().postgres;
    await select(url, "DROP SCHEMA audit_guard CASCADE");
    await select(url, "ALTER TABLE audit.events DISABLE TRIGGER USER");
    await select(url, "DELETE FROM audit.events WHERE wfe_name = 'kept' AND ordinal = 2");
    await patchStatus("kept", { audit: { hash: "0".repeat(64) } });
    const found = (await findings()).filter((line) => line.startsWith(`${REQUESTS}/kept: `));
    assert.equal(found[0], `${REQUESTS}/kept: missing: event 2 is missing, though later ones are there`);
    assert.match(
      found[1] ?? "",
      /^remediation\/kept: receipt: its receipt is row \d+:000000000000, but event \d is \d+:/,
    );
    assert.equal(found.length, 2);
  });
});
