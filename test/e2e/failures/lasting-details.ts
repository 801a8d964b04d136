import type { FailureDetails } from "../../../pkg/api/workflow-execution.ts";
import { changesOf } from "../../support/witness/change.ts";
import type { Platform } from "../platform.ts";
import type { Outcome } from "./run-case.ts";

/** What a controller may have missed while nobody was there to see it. */
const FLEETING: ReadonlySet<string> = new Set(["Event", "Log"]);
/** How a summary quotes the end of a log. */
const QUOTED_LOG = /; its log ends with: .*?(?=\. [A-Z])/s;

/**
 * What must be said about a failure whoever saw it happen: all but the end of the log and the evidence of pods that
 * somebody has deleted. Without the names, times and uids that differ from run to run.
 */
export function lastingDetails({ status, scene }: Outcome): unknown {
  const { failureDetails: details, executionRef } = status ?? {};
  if (details === undefined || scene === undefined) return undefined;
  const { logTail: _logTail, evidence, ...kept } = details;
  const lasting = (evidence ?? []).filter(({ source, name }) => {
    return !FLEETING.has(source) && (source !== "Pod" || !wasDeleted(scene.platform, name));
  });
  const naturalLanguageSummary = details.naturalLanguageSummary.replace(QUOTED_LOG, "");
  const names = [executionRef?.name ?? "", executionRef?.uid ?? "", scene.execution.name, scene.execution.uid];
  return neutral({ ...kept, naturalLanguageSummary, evidence: lasting }, names);
}

function wasDeleted({ witness }: Platform, name: string): boolean {
  const pods = changesOf("pod", witness.changes()).filter(({ object }) => object.metadata.name === name);
  return pods.some(({ type, object }) => type === "DELETED" || object.metadata.deletionTimestamp !== undefined);
}

function neutral(details: FailureDetails, names: readonly string[]): unknown {
  const named = names
    .filter((name) => name !== "")
    .reduce((text, name) => text.replaceAll(name, "NAME"), JSON.stringify(details));
  const text = named
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, "TIME")
    .replaceAll(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, "UID")
    .replaceAll(/\b(\d+m)?\d+(\.\d+)?m?s\b/g, "DURATION");
  return JSON.parse(text) as unknown;
}
