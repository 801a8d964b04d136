import type { Policy } from "./policy.ts";
import type { AuditBacklog } from "./snapshot.ts";

type Limits = Pick<Policy, "auditBacklogMaxEvents" | "auditBacklogMaxAgeMs">;

/** Whether the audit side is so far behind that no execution may take its target (audit.md section 1). */
export function isAuditClosed({ events, ageMs }: AuditBacklog, limits: Limits): boolean {
  return events > limits.auditBacklogMaxEvents || ageMs > limits.auditBacklogMaxAgeMs;
}
