import { link, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import type { Layout } from "./layout.ts";
import { isRunning } from "./process-identity.ts";
import type { ProcessIdentity } from "./process-identity.ts";
import { readProcesses } from "./processes.ts";
import type { Profile } from "./programs.ts";

/** What a cluster's state folder says about it from the beginning of its start. */
export interface StartingRecord {
  readonly profile: Profile;
  readonly phase: "starting";
  readonly starter: ProcessIdentity;
  /** False: the cluster belongs to its starter, and is left over as soon as this one is gone. */
  readonly outlivesStarter: boolean;
}

/** What it says once the cluster is usable. */
export interface UpRecord extends Omit<StartingRecord, "phase"> {
  readonly phase: "up";
  readonly server: string;
  /** The URL of etcd. */
  readonly etcd: string;
  /** Null in a control-plane. */
  readonly registry: RegistryRecord | null;
}

export interface RegistryRecord {
  /** host:port. */
  readonly address: string;
  /** The folder of the images that the registry was filled with. */
  readonly imagesDir: string;
}

export type ClusterRecord = StartingRecord | UpRecord;

/**
 * `absent`: nothing there but perhaps kept logs. `foreign`: something that is not a cluster's.
 * `leftover`: a cluster whose starter or whose processes are gone. The other two are in use.
 */
export type ClusterCondition = "absent" | "foreign" | "leftover" | "starting" | "up";

const recordName = "cluster.json";
const ignored = ["logs", `${recordName}.new`];

/** Writes the record so that it is there as a whole or not at all. */
export async function writeRecord(layout: Layout, record: UpRecord): Promise<void> {
  await mkdir(layout.root, { recursive: true, mode: 0o700 });
  await writeFile(`${layout.record}.new`, JSON.stringify(record, undefined, 2));
  await rename(`${layout.record}.new`, layout.record);
}

/** Writes a cluster's first record. Fails if there is one already. */
export async function claimRecord(layout: Layout, record: StartingRecord): Promise<void> {
  await mkdir(layout.root, { recursive: true, mode: 0o700 });
  const draft = `${layout.record}.new`;
  await writeFile(draft, JSON.stringify(record, undefined, 2));
  await link(draft, layout.record);
  await rm(draft);
}

/** The record of a state folder; undefined if there is none. */
export async function readRecord(layout: Layout): Promise<ClusterRecord | undefined> {
  const text = await readFile(layout.record, "utf8").catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as ClusterRecord);
}

/** Finds out in which condition a state folder is. */
export async function conditionOf(layout: Layout): Promise<ClusterCondition> {
  const record = await readRecord(layout);
  if (record === undefined) {
    const entries = await readdir(layout.root).catch(() => []);
    return entries.every((entry) => ignored.includes(entry)) ? "absent" : "foreign";
  }
  const processes = record.phase === "up" && record.outlivesStarter ? await readProcesses(layout) : [];
  return judge(
    record,
    isRunning(record.starter),
    processes.some(({ identity }) => isRunning(identity)),
  );
}

/** Decides from a record, from whether its starter lives, and from whether any of its processes does. */
export function judge(record: ClusterRecord, starterLives: boolean, anyProcessLives: boolean): ClusterCondition {
  if (record.phase === "starting") return starterLives ? "starting" : "leftover";
  const inUse = record.outlivesStarter ? anyProcessLives : starterLives;
  return inUse ? "up" : "leftover";
}
