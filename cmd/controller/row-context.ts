import { sha256Hex } from "../../pkg/api/sha256.ts";
import type { RowContext } from "../../pkg/audit/event-row.ts";
import { hmacKey } from "../../pkg/audit/hidden-value.ts";
import type { Config } from "../../pkg/config/config.ts";
import { version } from "../version.ts";
import { policyText } from "./policy-text.ts";
import { recorderName } from "./recorder-name.ts";

/** What every row of this process says of it, besides what happened: made once, when the process starts. */
export function rowContext(config: Config): RowContext {
  return {
    clusterId: config.clusterID,
    shownParameters: config.audit.shownParameters,
    ...(config.auditHmacKey === undefined ? {} : { hmacKey: hmacKey(config.auditHmacKey) }),
    policyHash: sha256Hex(policyText(config)),
    recorder: recorderName(config.podName),
    controllerVersion: version,
  };
}
