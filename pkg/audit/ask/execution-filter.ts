/** Which executions are asked for: those that meet all that is said. */
export interface ExecutionFilter {
  /** Spellings of one target: an event of the execution names one of them. */
  readonly targets?: readonly string[];
  /** A beginning: an event of the execution names a target that starts with it. */
  readonly targetPrefix?: string;
  readonly workflowId?: string;
  /** Who asked for it, cancelled it, or cleared the block that it left. */
  readonly actor?: string;
  /** Name of the remediation request. */
  readonly correlationId?: string;
  readonly outcome?: string;
  readonly phase?: string;
  /** RFC 3339: when the first event happened; the first moment counts, the second doesn't. */
  readonly since?: string;
  readonly until?: string;
  /** At most so many, the newest. */
  readonly limit: number;
}
