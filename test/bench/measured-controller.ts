/**
 * The controller, which also logs every lock check: a histogram's quantiles are only as exact as its buckets.
 *
 *   measured-controller.ts --config FILE
 */
import { subscribe } from "node:diagnostics_channel";
import { parseArgs } from "node:util";
import { startController } from "../../cmd/controller/controller.ts";
import { LOCK_CHECKS } from "../../cmd/controller/step-metrics.ts";
import { loadConfig } from "../../pkg/config/load-config.ts";
import { createLogger } from "../../pkg/telemetry/logger.ts";

const { values } = parseArgs({ options: { config: { type: "string" } } });
const config = loadConfig({ file: values.config ?? "", env: process.env });
const logger = createLogger({ ...config.log, secrets: [config.databaseUrl] });
subscribe(LOCK_CHECKS, (check) => {
  logger.info(check, "lock check");
});
const controller = await startController({ config, logger });
process.once("SIGTERM", () => {
  controller.stop();
});
logger.info({ health: controller.healthPort, metrics: controller.metricsPort }, "started");
await controller.ended;
process.exit(0);
