import type { ExecutionRecord } from "./execution-record.ts";

/** One event as it is told. */
export interface StoryEvent {
  /** Its place in the trail. */
  readonly seq: number;
  readonly occurred_at: Date;
  readonly recorded_at: Date;
  readonly event_type: string;
  readonly outcome: string;
  readonly reason: string | null;
  /** Who did it, where that is known. */
  readonly actor: string | null;
  /** Empty where it happened to the target's lock. */
  readonly namespace: string;
  readonly wfe_name: string;
  readonly wfe_uid: string;
  readonly ordinal: number;
  readonly target: string;
  readonly workflow_id: string;
  readonly workflow_version: string;
  readonly correlation_id: string;
  readonly rationale: string | null;
  readonly facts: Readonly<Record<string, string>>;
}

/** All that is on record of one execution. */
export interface Story {
  readonly uid: string;
  /** In the order of the trail: its own, and the clearing of the block that it left where that was done on the lock. */
  readonly events: readonly StoryEvent[];
  /** Other executions for the same remediation, the newest first; at most MAX_RELATED. */
  readonly sameRemediation: readonly ExecutionRecord[];
}

export const MAX_RELATED = 100;
