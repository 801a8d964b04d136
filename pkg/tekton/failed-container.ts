import type { ContainerStatus } from "../api/core.ts";
import { containerOf } from "./failed-step.ts";
import { items, text } from "./lenient.ts";
import type { RootCause } from "./root-cause.ts";
import { isInvented } from "./started.ts";

/**
 * The container whose log says why a task failed: that of the step to blame, else a sidecar or one of Tekton's init
 * containers that ended badly; undefined where none did.
 */
export function failedContainer({ task, step }: RootCause): string | undefined {
  const ofStep = step === undefined ? undefined : task.steps[step.index];
  if (ofStep !== undefined) return containerOf(ofStep);
  const { initContainerStatuses, containerStatuses } = task.pod?.status ?? {};
  const failed = [...items(initContainerStatuses), ...items(containerStatuses)].find(hasFailed);
  return failed === undefined ? undefined : text(failed.name);
}

function hasFailed({ state }: ContainerStatus): boolean {
  const { terminated } = state ?? {};
  return !!terminated && !isInvented(terminated) && terminated.exitCode !== 0;
}
