import { readOptions } from "../read-options.ts";
import { UsageError } from "../usage-error.ts";
import { parseChoice } from "./choice-option.ts";

const outputs = ["table", "json"] as const;

/** wfe audit trace. */
export interface TraceCommand {
  readonly group: "audit";
  readonly name: "trace";
  /** An execution by its uid, or by a name that several may have had. */
  readonly execution: { readonly uid: string } | { readonly namespace: string; readonly name: string };
  /** All that had the name, not only the newest. */
  readonly all: boolean;
  readonly output: (typeof outputs)[number];
}

/** Reads the arguments of wfe audit trace. Throws UsageError. */
export function parseTrace(args: readonly string[]): TraceCommand {
  const { values, positionals } = readOptions(args, {
    all: { type: "boolean", default: false },
    output: { type: "string", short: "o", default: "table" },
  });
  const [operand = "", ...more] = positionals;
  const [namespace = "", name, ...rest] = operand.split("/");
  if (more.length > 0 || namespace === "" || name === "" || rest.length > 0) {
    throw new UsageError("wfe audit trace takes NAMESPACE/NAME or a UID");
  }
  const execution = name === undefined ? { uid: namespace } : { namespace, name };
  return {
    group: "audit",
    name: "trace",
    execution,
    all: values.all,
    output: parseChoice("output", values.output, outputs),
  };
}
