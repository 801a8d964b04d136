import type { KeyObject } from "node:crypto";
import { readFile } from "node:fs/promises";
import { parsePublicKey } from "../../../pkg/audit/checkpoint/checkpoint-key.ts";
import { parseCheckpoint, type WrittenCheckpoint } from "../../../pkg/audit/checkpoint/checkpoint.ts";
import { judgeCheckpoints, type Testimony } from "../../../pkg/audit/checkpoint/judge-checkpoints.ts";
import type { Problem } from "../../../pkg/audit/verify/problem.ts";
import { verifyDatabase } from "../../../pkg/audit/verify/verify-database.ts";
import type { Verdict } from "../../../pkg/audit/verify/verify-trail.ts";
import type { ClusterEvidence } from "./cluster-evidence.ts";
import type { ClusterSource, VerifyCommand } from "./parse-verify.ts";
import type { AuditSurroundings } from "./surroundings.ts";

/**
 * Verifies the whole trail; prints PASS and what it was compared with, or FAIL with the first row that is wrong and why.
 *
 * @returns the exit code
 */
export async function auditVerify(
  command: VerifyCommand,
  { databaseUrl, kubeconfig, print }: AuditSurroundings,
): Promise<number> {
  // Before the database: whatever was said of the trail by then, it must have.
  const { problem, anchors, origin, used } = await testimonyFor(command, kubeconfig);
  if (problem !== undefined) {
    print(failText(problem));
    return 1;
  }
  const expected = { anchors: [...command.anchors, ...anchors], ...(origin === undefined ? {} : { origin }) };
  const verdict = await verifyDatabase(databaseUrl(), expected);
  print(verdictText(verdict, used));
  return verdict.problem === undefined ? 0 : 1;
}

async function testimonyFor(command: VerifyCommand, kubeconfig: string | undefined): Promise<Testimony> {
  const { checkpoints, publicKeys, cluster } = command;
  const keys = await Promise.all(publicKeys.map(readPublicKey));
  const files = await Promise.all(checkpoints.map(readCheckpoint));
  const evidence =
    cluster === undefined
      ? undefined
      : await askCluster({ ...(kubeconfig === undefined ? {} : { kubeconfig }), ...cluster });
  const unreadable = unreadableFile(files) ?? unreadableKey(evidence);
  if (unreadable !== undefined) return { problem: unreadable, anchors: [], used: [] };
  const { newest, older = [] } = evidence?.record ?? {};
  const main = [...files.map(({ checkpoint }) => checkpoint), newest].filter((one) => one !== undefined);
  const testimony = judgeCheckpoints({ main, older }, keys);
  if (evidence === undefined) return testimony;
  const { receipts } = evidence;
  const none = newest === undefined ? ["no checkpoint in the cluster"] : [];
  return {
    ...testimony,
    anchors: [...testimony.anchors, ...receipts],
    used: [...testimony.used, ...none, `${String(receipts.length)} receipts`],
  };
}

async function readPublicKey(file: string): Promise<KeyObject> {
  const pem = await readFile(file, "utf8");
  try {
    return parsePublicKey(pem);
  } catch (error) {
    throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

interface CheckpointFile {
  readonly file: string;
  /** Undefined where it has none. */
  readonly checkpoint: WrittenCheckpoint | undefined;
}

async function readCheckpoint(file: string): Promise<CheckpointFile> {
  return { file, checkpoint: parseCheckpoint(await readFile(file, "utf8")) };
}

function unreadableFile(files: readonly CheckpointFile[]): Problem | undefined {
  const wrong = files.find(({ checkpoint }) => checkpoint === undefined);
  return wrong === undefined ? undefined : noCheckpoint(`${wrong.file} has no checkpoint`);
}

function unreadableKey(evidence: ClusterEvidence | undefined): Problem | undefined {
  const [key] = evidence?.record.unreadable ?? [];
  return key === undefined ? undefined : noCheckpoint(`the ConfigMap has no checkpoint under ${key}`);
}

function noCheckpoint(detail: string): Problem {
  return { kind: "checkpoint", seq: 0, detail };
}

async function askCluster(source: ClusterSource): Promise<ClusterEvidence> {
  // Only now: what talks to Kubernetes takes long to load, and most commands don't need it.
  const { readClusterEvidence } = await import("./cluster-evidence.ts");
  return readClusterEvidence(source);
}

/** One line; the last row of a PASS is what a later verification may be given as an anchor. */
function verdictText({ problem, rows, last, origin, uncheckedAnchors }: Verdict, used: readonly string[]): string {
  if (problem !== undefined) return failText(problem);
  const unchecked = uncheckedAnchors === 0 ? [] : [`${String(uncheckedAnchors)} anchors are older than what is kept`];
  const right = `PASS: ${String(rows)} rows of trail ${origin}, the last is ${String(last.seq)}:${last.hash}`;
  return [right, ...used, ...unchecked].join("; ");
}

function failText({ seq, kind, detail }: Problem): string {
  return `FAIL at row ${String(seq)} (${kind}): ${detail}`;
}
