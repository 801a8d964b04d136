/** Checks who imports whom (.dependency-cruiser.cjs), and that the check itself saw the code. Exits 1 where it didn't. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** An unsupported TypeScript makes the tool see nothing, and report no violation. */
const FEWEST_MODULES = 100;
const MOST_OUTPUT = 64 * 1024 * 1024;

interface CruiseSummary {
  readonly totalCruised: number;
  readonly violations: readonly {
    readonly rule: { readonly name: string };
    readonly from: string;
    readonly to: string;
    readonly comment?: string;
  }[];
}

const { stdout } = await promisify(execFile)(
  "depcruise",
  ["--config", ".dependency-cruiser.cjs", "--output-type", "json", "cmd", "pkg", "test"],
  { maxBuffer: MOST_OUTPUT },
).catch((error: unknown) => error as { readonly stdout: string });
const { summary } = JSON.parse(stdout) as { readonly summary: CruiseSummary };
for (const { rule, from, to, comment } of summary.violations) {
  console.error(`${from} -> ${to}: ${rule.name}${comment === undefined ? "" : ` (${comment})`}`);
}
if (summary.totalCruised < FEWEST_MODULES) {
  console.error(`only ${String(summary.totalCruised)} modules were seen: the boundaries were not checked`);
}
process.exit(summary.violations.length > 0 || summary.totalCruised < FEWEST_MODULES ? 1 : 0);
