import { parseArgs } from "node:util";
import { ConfigError } from "../../pkg/config/config-error.ts";
import type { Config } from "../../pkg/config/config.ts";
import { loadConfig } from "../../pkg/config/load-config.ts";
import { createLogger } from "../../pkg/telemetry/logger.ts";
import { startController } from "./controller.ts";

const USAGE = `Usage: controller [--config FILE]

Turns each WorkflowExecution into one Tekton PipelineRun.

  --config FILE   settings, see config/controller.yaml; without it every setting has its default
  --help          this text

Environment:
  DATABASE_URL    PostgreSQL for the audit trail: postgres://user:password@host:port/database (required)
  AUDIT_SIGNING_KEY_FILE
                  file with the private key that signs checkpoints of the audit trail (wfe audit keygen);
                  without it they are not signed
  AUDIT_HMAC_KEY  base64 of 32 to 64 bytes: hidden parameters are recorded as HMACs by this key, without it as "redacted"
  KUBECONFIG      kubeconfig of the cluster; without it ~/.kube/config, then the pod's service account
  POD_NAME        name of the controller's pod for the audit trail; without it the name of the host

Exit codes: 0 stopped by a signal, 1 broke, 2 wrong arguments or configuration.
`;

const config = configure();
const logger = createLogger({ ...config.log, secrets: [config.databaseUrl, config.auditHmacKey ?? ""] });
try {
  const controller = await startController({ config, logger });
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => {
      logger.info({ signal }, "stopping");
      controller.stop();
    });
  }
  logger.info({ health: controller.healthPort, metrics: controller.metricsPort }, "started");
  await controller.ended;
  logger.info("stopped");
  process.exit(0);
} catch (err) {
  logger.error({ err }, "the controller broke");
  process.exit(1);
}

function configure(): Config {
  try {
    const { values } = parseArgs({ options: { config: { type: "string" }, help: { type: "boolean" } } });
    if (values.help === true) {
      process.stdout.write(USAGE);
      process.exit(0);
    }
    return loadConfig({ ...(values.config === undefined ? {} : { file: values.config }), env: process.env });
  } catch (error) {
    process.stderr.write(error instanceof ConfigError ? `${error.message}\n` : `${String(error)}\n\n${USAGE}`);
    process.exit(2);
  }
}
