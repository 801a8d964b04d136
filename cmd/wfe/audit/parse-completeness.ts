import { readOptions } from "../read-options.ts";
import { refuseOperands } from "./refuse-operands.ts";

/** wfe audit completeness. */
export interface CompletenessCommand {
  readonly group: "audit";
  readonly name: "completeness";
  /** A path; without it, as kubectl finds one. */
  readonly kubeconfig?: string;
  /** Only rows of this cluster, where several share the trail. */
  readonly clusterId?: string;
}

/** Reads the arguments of wfe audit completeness. Throws UsageError. */
export function parseCompleteness(args: readonly string[]): CompletenessCommand {
  const { values, positionals } = readOptions(args, {
    kubeconfig: { type: "string" },
    "cluster-id": { type: "string" },
  });
  refuseOperands("completeness", positionals);
  const { kubeconfig, "cluster-id": clusterId } = values;
  return {
    group: "audit",
    name: "completeness",
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(clusterId === undefined ? {} : { clusterId }),
  };
}
