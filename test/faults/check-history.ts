/**
 * Judges the complete history of a cluster by the promises of the target lock (I1 to I6, and what a lock has to
 * remember). Pure: the same history gives the same report.
 *
 *   node test/faults/check-history.ts FILE [--cooldown 5m] [--at-least CHECK=N]...
 *
 * FILE is what record-history.ts writes. Exit code 0: everything was seen and nothing is wrong; 1: a violation, or less
 * was checked than asked for (once of each start, ending and take, unless told otherwise); 2: not a history.
 */
import { parseArgs } from "node:util";
import { parseGoDuration } from "../../pkg/tekton/go-duration.ts";
import { readHistoryFile } from "./history-file.ts";
import { HistoryError, type HistoryEntry } from "./history-entry.ts";
import { judgeBlocks } from "./judges/blocks-are-kept.ts";
import { judgeCooldowns } from "./judges/cooldown-is-kept.ts";
import { judgeEndings } from "./judges/nothing-after-the-end.ts";
import { judgeMemory } from "./judges/endings-are-remembered.ts";
import { judgeEpochs } from "./judges/epochs-grow.ts";
import { judgeDecisions } from "./judges/nothing-taken-back.ts";
import { judgeBindings } from "./judges/one-run-per-execution.ts";
import { judgeTargets } from "./judges/one-run-per-target.ts";
import { judgeOutcomes } from "./judges/outcome-of-the-bound-run.ts";
import { judgeReleases } from "./judges/released-when-over.ts";
import { judgeStarts } from "./judges/starts-are-fenced.ts";
import { createLedger, missingChecks, renderViolation, type Counts, type HistoryReport } from "./ledger.ts";
import { momentsIn, type Judge } from "./moment.ts";

/** What the controllers were configured to. */
export interface HistoryPolicy {
  readonly cooldownMs: number;
}

/** Judges a history that begins with the cluster. Throws HistoryError where it can't be judged. */
export function checkHistory(history: Iterable<HistoryEntry>, { cooldownMs }: HistoryPolicy): HistoryReport {
  const ledger = createLedger();
  const judges: readonly Judge[] = [
    judgeTargets(ledger),
    judgeStarts(ledger),
    judgeBindings(ledger),
    judgeEndings(ledger),
    judgeReleases(ledger),
    judgeCooldowns(ledger, cooldownMs),
    judgeDecisions(ledger),
    judgeEpochs(ledger),
    judgeOutcomes(ledger),
    judgeMemory(ledger, cooldownMs),
    judgeBlocks(ledger),
  ];
  for (const moment of momentsIn(history)) {
    ledger.count("changes");
    for (const judge of judges) judge(moment);
  }
  return ledger.report();
}

const LEAST: Counts = { starts: 1, endings: 1, takes: 1, releases: 1, outcomes: 1 };

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      cooldown: { type: "string", default: "5m" },
      "at-least": { type: "string", multiple: true, default: [] },
    },
  });
  const [file = ""] = positionals;
  const cooldownMs = parseGoDuration(values.cooldown);
  if (file === "" || cooldownMs === undefined) throw new HistoryError("a file, and a cooldown such as 5m, are needed");
  const { violations, counts } = checkHistory(await readHistoryFile(file), { cooldownMs });
  const missing = missingChecks(counts, { ...LEAST, ...parseCounts(values["at-least"]) });
  for (const [what, count] of Object.entries(counts)) console.log(`${String(count).padStart(8)}  ${what}`);
  for (const line of [...violations.map(renderViolation), ...missing]) console.log(line);
  return violations.length + missing.length === 0 ? 0 : 1;
}

function parseCounts(wishes: readonly string[]): Counts {
  return Object.fromEntries(wishes.map((wish) => wish.split("=")).map(([what = "", least]) => [what, Number(least)]));
}

if (import.meta.main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 2;
  }
}
