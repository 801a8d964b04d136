import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseCommandLine } from "../command-line.ts";
import { UsageError } from "../usage-error.ts";

const query = { group: "audit", name: "query", filter: { limit: 50 }, output: "table" };
const trace = { group: "audit", name: "trace", all: false, output: "table" };
const hold = "12345678-1234-1234-1234-123456789012";

const good: readonly (readonly [readonly string[], unknown])[] = [
  [["query"], query],
  [
    ["query", "--target", "payment/deploy/api"],
    { ...query, filter: { limit: 50, targets: ["payment/deployments.apps/api", "payment/deploy/api"] } },
  ],
  [
    ["query", "--target", "payment/deployments.apps/api"],
    { ...query, filter: { limit: 50, targets: ["payment/deployments.apps/api"] } },
  ],
  [
    ["query", "--target", "payment/Rollout.argoproj.io/api"],
    { ...query, filter: { limit: 50, targets: ["payment/Rollout.argoproj.io/api"] } },
  ],
  [["query", "--target", "node/a"], { ...query, filter: { limit: 50, targets: ["nodes/a", "node/a"] } }],
  [["query", "--target", "payment/"], { ...query, filter: { limit: 50, targetPrefix: "payment/" } }],
  [
    ["query", "--workflow", "w", "--actor", "a b", "--remediation", "r", "--outcome", "success", "--phase", "failed"],
    {
      ...query,
      filter: { workflowId: "w", actor: "a b", correlationId: "r", outcome: "Success", phase: "Failed", limit: 50 },
    },
  ],
  [["query", "--outcome", "N/A"], { ...query, filter: { limit: 50, outcome: "n/a" } }],
  [
    ["query", "--since", "7d", "--until", "90m"],
    { ...query, since: { agoMs: 604_800_000 }, until: { agoMs: 5_400_000 } },
  ],
  [
    ["query", "--since", "2026-03-01", "--until", "2026-03-01T12:30:00+02:00"],
    { ...query, since: { at: "2026-03-01T00:00:00.000Z" }, until: { at: "2026-03-01T10:30:00.000Z" } },
  ],
  [["query", "--limit", "100000", "-o", "csv"], { ...query, filter: { limit: 100_000 }, output: "csv" }],
  [["trace", "payment/x"], { ...trace, execution: { namespace: "payment", name: "x" } }],
  [["trace", hold, "--output", "json"], { ...trace, execution: { uid: hold }, output: "json" }],
  [["trace", "--all", "a/b"], { ...trace, execution: { namespace: "a", name: "b" }, all: true }],
  [
    ["hold", "place", "--from", "2026-01-01", "--to", "0", "--reason", "case 7"],
    {
      group: "audit",
      name: "hold-place",
      from: { at: "2026-01-01T00:00:00.000Z" },
      to: { agoMs: 0 },
      reason: "case 7",
    },
  ],
  [["hold", "release", hold, "--reason", "over"], { group: "audit", name: "hold-release", id: hold, reason: "over" }],
  [["completeness"], { group: "audit", name: "completeness" }],
  [
    ["completeness", "--kubeconfig", "k", "--cluster-id", "eu-1"],
    { group: "audit", name: "completeness", kubeconfig: "k", clusterId: "eu-1" },
  ],
  [["hold", "list"], { group: "audit", name: "hold-list" }],
  [["partitions"], { group: "audit", name: "partitions" }],
  [["drop", "events_202601"], { group: "audit", name: "drop", partition: "events_202601" }],
];

const bad: readonly (readonly [string, RegExp])[] = [
  ["query now", /takes no operands/],
  ["query --limit 0", /^--limit 0: expected a number from 1 to 100000$/],
  ["query --limit 100001", /^--limit/],
  ["query --limit -1", /--limit/],
  ["query --output yaml", /^--output yaml: expected table, json, csv$/],
  ["query --phase Done", /^--phase Done: expected Pending, Running, /],
  ["query --outcome Good", /^--outcome Good: expected Success, /],
  ["query --since yesterday", /^--since yesterday: expected /],
  ["query --since 2026-03-01T10:00:00", /^--since /],
  ["query --until 2026-13-01", /^--until /],
  ["query --anchor 7", /^Unknown option '--anchor'/],
  ["trace", /takes NAMESPACE\/NAME or a UID$/],
  ["trace a/b c/d", /takes NAMESPACE\/NAME or a UID$/],
  ["trace a/b/c", /takes NAMESPACE/],
  ["trace a/", /takes NAMESPACE/],
  ["trace /b", /takes NAMESPACE/],
  ["trace a/b --output csv", /^--output csv: expected table, json$/],
  ["hold", /takes place, release or list$/],
  ["hold list all", /takes no operands$/],
  ["hold place --from 2026-01-01 --to 2026-02-01", /^--reason is missing/],
  ["hold place --to 2026-02-01 --reason x", /^--from : expected/],
  ["hold place --from 2026-01-01 --reason x", /^--to : expected/],
  ["hold release 7 --reason x", /takes the id of a hold/],
  [`hold release ${hold}`, /^--reason is missing/],
  ["hold list --reason x", /^Unknown option '--reason'/],
  ["partitions events_202601", /takes no operands$/],
  ["completeness now", /takes no operands$/],
  ["drop", /takes a partition/],
  ["drop events", /takes a partition/],
  ["drop events_202601 events_202602", /takes a partition/],
];

describe("the command line of wfe audit", () => {
  for (const [args, expected] of good) {
    it(`understands ${args.join(" ")}`, () => {
      assert.deepEqual(parseCommandLine(["audit", ...args]), expected);
    });
  }
  for (const [line, message] of bad) {
    it(`refuses ${line}`, () => {
      assert.throws(
        () => parseCommandLine(["audit", ...line.split(" ")]),
        (error: unknown) => error instanceof UsageError && message.test(error.message),
      );
    });
  }
});
