import type { KeyObject } from "node:crypto";
import type { Problem } from "../verify/problem.ts";
import type { Anchor } from "../verify/trail-check.ts";
import { checkCheckpoint } from "./check-checkpoint.ts";
import type { WrittenCheckpoint } from "./checkpoint.ts";

/** Checkpoints that were found outside of the database. */
export interface FoundCheckpoints {
  /** What counts most: the newest ones. Where keys are given, each must be signed by one of them. */
  readonly main: readonly WrittenCheckpoint[];
  /** From before: those that are unsigned, or signed by a key that isn't given, are passed over. */
  readonly older: readonly WrittenCheckpoint[];
}

/** What they say of the trail, as far as it can be believed. */
export interface Testimony {
  readonly problem?: Problem;
  readonly anchors: readonly Anchor[];
  readonly origin?: string;
  /** For people: what was used. */
  readonly used: readonly string[];
}

/**
 * Decides what is believed of checkpoints.
 *
 * @param publicKeys without any, signatures aren't checked, which `used` says
 */
export function judgeCheckpoints(found: FoundCheckpoints, publicKeys: readonly KeyObject[]): Testimony {
  const older = found.older.filter((checkpoint) => isCheckable(checkpoint, publicKeys));
  const all = [...found.main, ...older];
  const [first] = all;
  if (first === undefined) return { anchors: [], used: [] };
  const problem = signatureProblem(all, publicKeys) ?? originProblem(all, first.origin);
  const count = older.length === 0 ? [] : [`${String(older.length)} older ${older.length === 1 ? "one" : "ones"}`];
  return {
    ...(problem === undefined ? {} : { problem }),
    anchors: all.map(({ seq, hash }) => ({ seq, hash })),
    origin: first.origin,
    used: [...found.main.map((checkpoint) => nameOf(checkpoint, publicKeys.length > 0)), ...count],
  };
}

function isCheckable(checkpoint: WrittenCheckpoint, publicKeys: readonly KeyObject[]): boolean {
  if (publicKeys.length === 0) return true;
  return checkpoint.keyId !== undefined && checkCheckpoint(checkpoint, publicKeys)?.kind !== "key";
}

function signatureProblem(all: readonly WrittenCheckpoint[], keys: readonly KeyObject[]): Problem | undefined {
  if (keys.length === 0) return undefined;
  return all.map((checkpoint) => checkCheckpoint(checkpoint, keys)).find((problem) => problem !== undefined);
}

function originProblem(all: readonly WrittenCheckpoint[], origin: string): Problem | undefined {
  const other = all.find((checkpoint) => checkpoint.origin !== origin);
  if (other === undefined) return undefined;
  const detail = `the checkpoints are of different trails, ${origin} and ${other.origin}`;
  return { kind: "origin", seq: other.seq, detail };
}

function nameOf({ seq, time, keyId, forks }: WrittenCheckpoint, isChecked: boolean): string {
  const kind = keyId === undefined ? "unsigned " : isChecked ? "signed " : "";
  const unchecked = isChecked ? "" : ", whose signature was not checked";
  const key = keyId === undefined ? "" : ` (key ${keyId}${unchecked})`;
  const lost = forks === 0 ? "" : `, after ${String(forks)} ${forks === 1 ? "loss" : "losses"} of rows`;
  return `${kind}checkpoint ${String(seq)} of ${time}${key}${lost}`;
}
