import type { Request } from "../../pkg/controller/perform.ts";
import type { Result } from "../../pkg/execution/result.ts";

/**
 * Gives each accepted write of a process a name: what is written, and the how manieth of its kind it is. Undefined for
 * reads and for what was refused.
 */
export function nameWrites(): (step: Request, result: Result) => string | undefined {
  const counts = new Map<string, number>();
  return (step, result) => {
    if (!isWrite(step) || result.type === "refused") return undefined;
    const kind = kindOf(step);
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    return count === 1 ? kind : `${kind} #${String(count)}`;
  };
}

function isWrite({ type }: Request): boolean {
  return type !== "Look" && type !== "ReviewAccess";
}

/** Names that stay the same from one execution to the next. */
function kindOf(step: Request): string {
  if (step.type === "CreateLock" || step.type === "UpdateLock") return `${step.type} ${step.lock.spec.state}`;
  if (step.type !== "WriteStatus") return step.type;
  const { phase = "", reason = "" } = step.execution.status ?? {};
  return `${step.type} ${phase}/${reason}`;
}
