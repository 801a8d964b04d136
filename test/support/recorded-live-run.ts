import { readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import type { LiveEvidence, RunEvidence } from "../../pkg/tekton/run-evidence.ts";

const folder = new URL("../data/tekton-live-1.15/", import.meta.url);
const SUFFIX = ".yaml";

/** A run that was watched while it lived: what is left of it, and what was seen of it. */
export type LiveRun = RunEvidence & { readonly live: LiveEvidence };

/** Names of all runs that were watched while they lived (test/data/tekton-live-1.15). */
export function liveRunNames(): readonly string[] {
  const files = readdirSync(folder).filter((file) => file.endsWith(SUFFIX));
  return files.map((file) => file.slice(0, -SUFFIX.length)).toSorted();
}

/** A run that was watched while it lived. */
export function liveRun(name: string): LiveRun {
  const yaml = readFileSync(new URL(name + SUFFIX, folder), "utf8");
  const { run, taskRuns, pods, lostPods, events, logs = [] } = parse(yaml) as RunEvidence & Recorded;
  return { run, taskRuns, pods, live: { lostPods, events, logs } };
}

/** The same as a controller knows it that was started after the end of the run: warnings can still be read, lost pods can't. */
export function seenAfterwards({ live, ...rest }: LiveRun): LiveRun {
  return { ...rest, live: { ...live, lostPods: [], logs: live.logs.filter((log) => isThere(rest, log.podUid)) } };
}

type Recorded = Omit<LiveEvidence, "logs"> & Partial<Pick<LiveEvidence, "logs">>;

function isThere({ pods }: Pick<RunEvidence, "pods">, uid: string): boolean {
  return pods.some(({ metadata }) => metadata.uid === uid);
}
