import { withoutValues } from "../../api/hidden-values.ts";
import type { WorkflowExecution } from "../../api/workflow-execution.ts";
import { namesKind, type CanonicalTarget } from "../../lock/canonical-target.ts";
import { parseGoDuration } from "../../tekton/go-duration.ts";
import { lookAtFirst } from "../look.ts";
import type { Policy } from "../policy.ts";
import { resolveTarget } from "../resolve-target.ts";
import type { Case } from "../rule.ts";
import type { Trouble } from "../snapshot.ts";
import type { Step } from "../step.ts";
import { failBeforeRun, type Verdict } from "./fail-before-run.ts";
import { troubled } from "./troubled.ts";

type Canonical = Extract<CanonicalTarget, { type: "canonical" }>;

/** Refuses what this controller can't do, or what the API server could not check, before any lock is taken. */
export function unsupported(c: Case): Step | undefined {
  const { s, w, policy } = c;
  if (w.status?.executionRef !== undefined) return undefined;
  const verdict = otherCluster(w, policy) ?? otherEngine(w) ?? unknownFeature(w) ?? impossibleTimes(w, policy);
  if (verdict !== undefined) return failBeforeRun(c, verdict);
  const target = resolveTarget(w, s.kinds.value);
  if (target.type === "canonical") return mismatch(c, target);
  const looking = lookAtFirst(s, ["kinds"], policy.executionNamespace);
  if (looking !== undefined) return looking;
  if (target.type === "undecided") return troubled({ ...c, s: { ...s, trouble: undecided(target.message) } });
  return failBeforeRun(c, { reason: "ConfigurationError", message: `spec.targetResource: ${target.message}` });
}

function undecided(message: string): Trouble {
  return { reason: "DiscoveryIncomplete", message: `spec.targetResource: ${message}` };
}

function otherCluster(w: WorkflowExecution, policy: Policy): Verdict | undefined {
  const asked = w.spec.clusterID ?? "";
  if (asked === "" || asked === policy.clusterId) return undefined;
  const own = policy.clusterId === "" ? "this controller has no clusterID" : `this is cluster "${policy.clusterId}"`;
  return { reason: "UnsupportedCluster", message: `spec.clusterID: "${asked}" was asked for, ${own}` };
}

function otherEngine(w: WorkflowExecution): Verdict | undefined {
  const engine = w.spec.workflowRef.executionEngine ?? "";
  if (engine === "" || engine === "tekton") return undefined;
  const message = `spec.workflowRef.executionEngine: "${engine}" is not supported, allowed is "tekton"`;
  return { reason: "UnsupportedEngine", message };
}

/** This version knows no optional feature: whoever requires one must not be served by a controller that ignores it. */
function unknownFeature(w: WorkflowExecution): Verdict | undefined {
  const [feature] = w.spec.requiredFeatures ?? [];
  if (feature === undefined) return undefined;
  const message = `spec.requiredFeatures: "${feature}" is not known to this version, which knows none`;
  return { reason: "UnsupportedFeature", message };
}

function impossibleTimes(w: WorkflowExecution, policy: Policy): Verdict | undefined {
  const { timeout, finallyTimeout } = w.spec.executionConfig ?? {};
  if (finallyTimeout === undefined) return undefined;
  const whole = (timeout === undefined ? undefined : parseGoDuration(timeout)) ?? policy.defaultTimeoutMs;
  if ((parseGoDuration(finallyTimeout) ?? 0) < whole) return undefined;
  const message = `spec.executionConfig.finallyTimeout: ${finallyTimeout} must be less than the whole timeout`;
  return { reason: "ConfigurationError", message };
}

/** What is locked must be what is changed: parameters that name the target must name the locked object. */
function mismatch(c: Case, target: Canonical): Step | undefined {
  const given = c.w.spec.parameters ?? {};
  const { namespace = "", name } = target.parts;
  const problems = [
    differs("TARGET_RESOURCE_NAME", given["TARGET_RESOURCE_NAME"], name),
    differs("TARGET_RESOURCE_NAMESPACE", given["TARGET_RESOURCE_NAMESPACE"], namespace),
    otherKind(given["TARGET_RESOURCE_KIND"], target),
  ].filter((problem) => problem !== undefined);
  if (problems.length === 0) return undefined;
  return failBeforeRun(c, { reason: "ConfigurationError", message: withoutValues(problems.join("; "), c.hidden) });
}

function differs(parameter: string, found: string | undefined, allowed: string): string | undefined {
  if (found === undefined || found === allowed) return undefined;
  return `spec.parameters.${parameter}: "${found}" is not the locked target, allowed is "${allowed}"`;
}

function otherKind(found: string | undefined, target: Canonical): string | undefined {
  if (found === undefined || namesKind(target.kind, found)) return undefined;
  return `spec.parameters.TARGET_RESOURCE_KIND: "${found}" is not the locked target, allowed is "${target.kind.kind}"`;
}
