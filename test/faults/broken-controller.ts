/**
 * The controller without one ingredient of the proof, to see that a history of it is found wrong:
 *
 *   broken-controller.ts --config FILE --without wait|binding
 *
 * wait: the target is given back as soon as the run goes on. binding: a run is started as soon as it is there.
 */
import { parseArgs } from "node:util";
import { startController } from "../../cmd/controller/controller.ts";
import type { TargetLock } from "../../pkg/api/target-lock.ts";
import type { WorkflowExecution } from "../../pkg/api/workflow-execution.ts";
import type { Perform } from "../../pkg/controller/perform.ts";
import { loadConfig } from "../../pkg/config/load-config.ts";
import { releasedLock } from "../../pkg/lock/lock-record.ts";
import { createLogger } from "../../pkg/telemetry/logger.ts";

const { values } = parseArgs({ options: { config: { type: "string" }, without: { type: "string" } } });
const config = loadConfig({ file: values.config ?? "", env: process.env });
const logger = createLogger({ ...config.log, secrets: [config.databaseUrl] });
const controller = await startController({
  config,
  logger,
  around: values.without === "wait" ? withoutWait : withoutBinding,
});
process.once("SIGTERM", () => {
  controller.stop();
});
logger.info({ health: controller.healthPort, metrics: controller.metricsPort }, "started");
await controller.ended;
process.exit(0);

function withoutWait(perform: Perform): Perform {
  return async (step) => {
    const result = await perform(step);
    if (step.type === "WriteStatus" && step.execution.status?.phase === "Running")
      await giveBack(perform, step.execution);
    return result;
  };
}

async function giveBack(perform: Perform, { metadata, status }: WorkflowExecution): Promise<void> {
  const lock = await lookAt(perform, status?.locks?.[0]?.name ?? "");
  if (lock === undefined || lock.spec.holder?.uid !== metadata.uid) return;
  await perform({ type: "UpdateLock", lock: releasedLock(lock, lock.spec.workflows ?? []) });
}

async function lookAt(perform: Perform, name: string): Promise<TargetLock | undefined> {
  const result = await perform({ type: "Look", object: "lock", at: { by: "name", name } });
  return result.type === "looked" && result.looked.object === "lock" ? result.looked.value : undefined;
}

function withoutBinding(perform: Perform): Perform {
  return async (step) => {
    const result = await perform(step);
    if (step.type !== "CreateRun" || result.type !== "wroteRun") return result;
    const { namespace = "", name, uid = "" } = result.run.metadata;
    await perform({ type: "StartRun", run: { namespace, name, uid } });
    return result;
  };
}
