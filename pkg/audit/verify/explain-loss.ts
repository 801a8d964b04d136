import type { Database } from "../append.ts";
import { readLastFork } from "../sql/read-last-fork.ts";
import type { Problem } from "./problem.ts";

/** The same problem; where an anchor is missing and the trail itself says that it lost rows, with the row that says so. */
export async function explainLoss(database: Database, problem: Problem | undefined): Promise<Problem | undefined> {
  if (problem?.kind !== "anchor") return problem;
  const [fork] = (await database.query(readLastFork, [])).rows as readonly { readonly seq: string | null }[];
  if (fork === undefined || fork.seq === null) return problem;
  return { ...problem, detail: `${problem.detail}; row ${fork.seq} (chain.fork) says that rows were lost` };
}
