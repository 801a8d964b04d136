import type { Anchor } from "../../../pkg/audit/verify/trail-check.ts";
import { readOptions } from "../read-options.ts";
import { UsageError } from "../usage-error.ts";

/** wfe audit verify. */
export interface VerifyCommand {
  readonly group: "audit";
  readonly name: "verify";
  readonly anchors: readonly Anchor[];
  /** Files. */
  readonly checkpoints: readonly string[];
  /** Files. */
  readonly publicKeys: readonly string[];
  /** Which cluster to ask, where one is. */
  readonly cluster?: ClusterSource;
}

export interface ClusterSource {
  /** Files, as in KUBECONFIG; without it that variable, then the default places. */
  readonly kubeconfig?: string;
  /** Of the controller. */
  readonly namespace: string;
}

const list = { type: "string", multiple: true, default: [] as string[] } as const;

export function parseVerify(args: readonly string[]): VerifyCommand {
  const { values, positionals } = readOptions(args, {
    anchor: list,
    checkpoint: list,
    "public-key": list,
    cluster: { type: "boolean", default: false },
    kubeconfig: { type: "string" },
    namespace: { type: "string" },
  });
  if (positionals.length > 0) throw new UsageError("wfe audit verify takes no operands");
  const { kubeconfig, namespace = "kubernaut-system" } = values;
  if (!values.cluster && (kubeconfig ?? values.namespace) !== undefined) {
    throw new UsageError("--kubeconfig and --namespace say where to look with --cluster");
  }
  const source = { namespace, ...(kubeconfig === undefined ? {} : { kubeconfig }) };
  return {
    ...{ group: "audit", name: "verify", anchors: values.anchor.map(parseAnchor) },
    ...{ checkpoints: values.checkpoint, publicKeys: values["public-key"] },
    ...(values.cluster ? { cluster: source } : {}),
  };
}

function parseAnchor(text: string): Anchor {
  const [, seq = "", hash = ""] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (hash === "") throw new UsageError(`--anchor ${text}: expected SEQ:HASH, as status.audit has them`);
  return { seq: Number(seq), hash };
}
