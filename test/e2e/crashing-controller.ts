/**
 * The controller around a `perform` that writes down each accepted write, and that kills its own process right after one
 * of them: the write has happened, and nobody has heard its answer.
 *
 *   crashing-controller.ts --config FILE --record FILE [--kill-after NAME]
 */
import { appendFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { startController } from "../../cmd/controller/controller.ts";
import type { Perform } from "../../pkg/controller/perform.ts";
import { loadConfig } from "../../pkg/config/load-config.ts";
import type { Request } from "../../pkg/controller/perform.ts";
import type { Result } from "../../pkg/execution/result.ts";
import { createLogger } from "../../pkg/telemetry/logger.ts";
import { nameWrites } from "./crash-point.ts";

const { values } = parseArgs({
  options: { config: { type: "string" }, record: { type: "string" }, "kill-after": { type: "string" } },
});
const { config: file = "", record = "", "kill-after": killAfter } = values;
const config = loadConfig({ file, env: process.env });
const logger = createLogger({ ...config.log, secrets: [config.databaseUrl] });
const controller = await startController({ config, logger, around });
process.once("SIGTERM", () => {
  controller.stop();
});
await controller.ended;
process.exit(0);

function around(perform: Perform): Perform {
  const nameOf = nameWrites();
  return async (step: Request): Promise<Result> => {
    const result = await perform(step);
    const name = nameOf(step, result);
    if (name === undefined) return result;
    appendFileSync(record, `${name}\n`);
    if (name === killAfter) process.kill(process.pid, "SIGKILL");
    return result;
  };
}
