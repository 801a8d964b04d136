import type { KubernetesObject } from "../../pkg/api/meta.ts";
import type { JudgedKind } from "./history-entry.ts";

/** I1 to I6 of the target lock's proof, and what a lock has to remember. */
export type Invariant = "I1" | "I2" | "I3" | "I4" | "I5" | "I6" | "history";

/** One breach, in words, with what is needed to find it in the history. */
export interface Violation {
  readonly invariant: Invariant;
  /** The write that broke it first, then those that it contradicts. */
  readonly revisions: readonly number[];
  readonly objects: readonly ObjectName[];
  readonly sentence: string;
}

export interface ObjectName {
  readonly kind: JudgedKind;
  readonly name: string;
  readonly uid: string;
}

/** What was checked how often: a check that saw nothing proves nothing. */
export type Checked =
  /** Changes of judged objects. */
  | "changes"
  | "executions"
  /** I1, I2: runs that left Pending. */
  | "starts"
  /** I1: everything that began to act, compared with all else on its target. */
  | "actors"
  /** I1, I4: starts on a target on which another run had been started before. */
  | "successions"
  /** I2: executions that were bound to a run. */
  | "bindings"
  /** I3: executions that ended or went. */
  | "endings"
  /** I3: locks that were given back. */
  | "releases"
  /** I4: starts compared with an earlier success of the same workflow on the same target. */
  | "cooldowns"
  /** I5: changes of an execution's status. */
  | "transitions"
  /** I5: locks that were taken. */
  | "takes"
  /** Of these, those for an execution that had ended: a controller acted on an old view, and gives the target back. */
  | "takes after the end"
  /** I6: endings compared with their run. */
  | "outcomes"
  /** Successes that a lock had to remember when it was given back. */
  | "remembered successes"
  /** Failures of runs that a lock had to remember as a block. */
  | "remembered failures"
  /** Blocks that were lifted. */
  | "clearings";

export type Counts = Readonly<Partial<Record<Checked, number>>>;

/** Where judges write down what they found and what they looked at. */
export interface Ledger {
  violate(violation: Violation): void;
  count(what: Checked): void;
}

/** What came of it. */
export interface HistoryReport {
  readonly violations: readonly Violation[];
  readonly counts: Counts;
}

/** An empty ledger, and what gives its report. */
export function createLedger(): Ledger & { readonly report: () => HistoryReport } {
  const violations: Violation[] = [];
  const counts = new Map<Checked, number>();
  return {
    violate: (violation) => {
      violations.push(violation);
    },
    count: (what) => {
      counts.set(what, (counts.get(what) ?? 0) + 1);
    },
    report: () => ({ violations, counts: Object.fromEntries(counts) }),
  };
}

/** An object as a violation names it. */
export function nameOf(kind: JudgedKind, { metadata }: KubernetesObject): ObjectName {
  return { kind, name: metadata.name, uid: metadata.uid ?? "" };
}

/** What was checked less often than it had to be, in words; empty is what a caller wants. */
export function missingChecks(counts: Counts, minimum: Counts): readonly string[] {
  return Object.entries(minimum)
    .filter(([what, least]) => (counts[what as Checked] ?? 0) < least)
    .map(
      ([what, least]) => `${what}: ${String(counts[what as Checked] ?? 0)} checked, at least ${String(least)} wanted`,
    );
}

/** A violation as a line for people. */
export function renderViolation({ invariant, revisions, objects, sentence }: Violation): string {
  const where = objects.map(({ kind, name, uid }) => `${kind} ${name} (${uid})`).join(", ");
  return `${invariant} at revision ${revisions.join(", ")}: ${sentence} [${where}]`;
}
