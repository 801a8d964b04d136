import { formatGoDuration } from "../../tekton/go-duration.ts";
import { isAuditClosed } from "../audit-closed.ts";
import { ownLock } from "../own-lock.ts";
import type { Policy } from "../policy.ts";
import type { Case } from "../rule.ts";
import type { Step } from "../step.ts";
import { WAITING_FOR } from "../waiting.ts";
import { stay } from "./wait-for-target.ts";

/**
 * Nobody takes a target while the audit side is too far behind: what is started would be on record nowhere but in etcd for
 * longer than somebody has allowed. Whoever holds its target goes on. A wrong wait is harmless, so caches decide.
 */
export function closedByAudit(c: Case): Step | undefined {
  const { s, w, policy } = c;
  if (w.status?.executionRef !== undefined || ownLock(s, w) !== undefined) return undefined;
  if (!isAuditClosed(s.auditBacklog, policy)) return undefined;
  return stay(c, { reason: WAITING_FOR.audit, message: whatFor(policy) });
}

/** The limits, not the figures: these change from second to second, and the status would be written again and again. */
function whatFor({ auditBacklogMaxEvents, auditBacklogMaxAgeMs }: Policy): string {
  const age = formatGoDuration(auditBacklogMaxAgeMs);
  return `more than ${String(auditBacklogMaxEvents)} audit events wait for PostgreSQL, or one of them for longer than ${age}`;
}
