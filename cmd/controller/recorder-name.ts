import { randomBytes } from "node:crypto";
import { hostname } from "node:os";

/**
 * Who records, for the rows of the audit trail and the log: `<pod>/<epoch>`. The epoch is 8 random hex digits: a container
 * that is started again keeps the name of its pod, and is another recorder all the same.
 *
 * @param podName - the host's name takes its place where it isn't known; in a pod both are the same unless the pod says otherwise
 */
export function recorderName(podName: string = hostname()): string {
  return `${podName}/${randomBytes(4).toString("hex")}`;
}
