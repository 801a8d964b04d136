import type { RecordedEvent } from "../../pkg/audit/completeness/recorded-event.ts";
import { anAuditedExecution } from "./audited-execution.ts";

/** The hash of a row, made up from its number. */
export function hashOf(seq: number): string {
  return seq.toString(16).padStart(64, "0");
}

/** An event of an execution, recorded as the row with its ordinal's number. */
export function aRecordedEvent(ordinal: number, parts: Partial<RecordedEvent> = {}): RecordedEvent {
  const { uid = "", name, namespace = "" } = anAuditedExecution().metadata;
  const seq = parts.seq ?? ordinal;
  return {
    ...{ uid, name, namespace, ordinal, seq, hash: hashOf(seq) },
    type: "workflowexecution.workflow.requested",
    runUid: null,
    clusterId: "",
    ...parts,
  };
}

/** The events of an execution from the first on, by the last parts of their types. */
export function recordedLife(...names: readonly string[]): readonly RecordedEvent[] {
  return names.map((name, index) => aRecordedEvent(index + 1, { type: `workflowexecution.workflow.${name}` }));
}
