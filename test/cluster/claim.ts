import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { claimRecord, conditionOf } from "./cluster-record.ts";
import type { StartingRecord } from "./cluster-record.ts";
import { layoutAt, temporaryPrefix } from "./cluster.ts";
import { findFullClusters } from "./host.ts";
import type { Layout } from "./layout.ts";
import { tearDown } from "./teardown.ts";
import type { Profile } from "./programs.ts";
import type { Progress } from "./progress.ts";

/**
 * Removes what killed starters left behind: the cluster of this state folder, clusters in temporary folders, and, for a
 * full cluster, another full one (its address is needed). What is in use, and what is no cluster's, is left alone.
 */
export async function clearLeftovers(profile: Profile, layout: Layout | undefined, progress: Progress): Promise<void> {
  const temporary = (await readdir(tmpdir())).filter((name) => name.startsWith(temporaryPrefix));
  const full = profile === "full" ? await findFullClusters() : [];
  const others = [...temporary.map((name) => join(tmpdir(), name)), ...full];
  const layouts = [...(layout === undefined ? [] : [layout]), ...(await Promise.all(others.map(layoutAt)))];
  for (const each of layouts) {
    if (!(await isLeftover(each))) continue;
    progress(`removing what is left of the cluster in ${each.root}`);
    await tearDown(each);
  }
}

/** A full cluster whose state folder was deleted under it has no record, but is a cluster all the same. */
async function isLeftover(layout: Layout): Promise<boolean> {
  const condition = await conditionOf(layout);
  if (condition === "leftover") return true;
  return condition === "absent" && (await findFullClusters()).includes(layout.root);
}

/** Why a state folder can't be used now; undefined if it can. */
export async function whyTaken(layout: Layout): Promise<string | undefined> {
  switch (await conditionOf(layout)) {
    case "absent":
    case "leftover":
      return undefined;
    case "foreign":
      return `${layout.root} holds files that are not a cluster's: name another folder, or empty this one`;
    case "starting":
      return `a cluster is just being started in ${layout.root}: wait for it, or end its starter`;
    case "up":
      return `a cluster runs from ${layout.root}: stop it first (down --state ${layout.root}), or name another folder`;
  }
}

/** Makes the state folder ours. Of two that try at the same moment, one fails. */
export async function claim(layout: Layout, record: StartingRecord): Promise<void> {
  const taken = await whyTaken(layout);
  if (taken !== undefined) throw new Error(taken);
  await claimRecord(layout, record);
}
