/** Parts of the cluster that go away while something runs, and come back. */
import { conditionOf } from "../../../pkg/execution/conditions.ts";
import { changesOf } from "../../support/witness/change.ts";
import { reaches } from "../execute.ts";
import type { Platform } from "../platform.ts";
import type { Scene } from "./fault-case.ts";
import { stepSpeaks } from "./follow.ts";

/** Tekton's controller ends while a step runs, and is back once the execution says that it makes no progress. */
export async function loseTekton(scene: Scene): Promise<void> {
  const { platform, execution } = scene;
  await stepSpeaks(scene, "change", "change");
  await withoutTekton(platform, () =>
    reaches(platform, execution.name, "stuck", (status) => conditionOf(status, "Stuck")?.status === "True"),
  );
}

/** The same, but Tekton is back only after the run's time is up and the controller itself has stopped the run. */
export async function loseTektonPastDeadline(scene: Scene): Promise<void> {
  const { platform, execution } = scene;
  await stepSpeaks(scene, "change", "change");
  const { executionRef } = await reaches(platform, execution.name, "Running", ({ phase }) => phase === "Running");
  const run = executionRef?.name ?? "";
  await withoutTekton(platform, () =>
    platform.witness.until(`run ${run} to be cancelled`, 120_000, () => {
      return platform.witness.get("run", run)?.spec.status === "Cancelled" ? true : undefined;
    }),
  );
}

/** Whatever comes of it, the next case has Tekton again. */
async function withoutTekton({ cluster }: Platform, act: () => Promise<unknown>): Promise<void> {
  await cluster.kill("tekton-controller");
  try {
    await act();
  } finally {
    await cluster.restart("tekton-controller");
  }
}

/** Tekton's webhook ends before there is a run. */
export async function loseWebhook({ cluster }: Platform): Promise<void> {
  await cluster.kill("tekton-webhook");
}

/** Tekton's webhook is back some time after the execution has taken its target, which is right before it wants its run. */
export async function regainWebhook({ platform: { cluster, witness }, execution }: Scene): Promise<void> {
  try {
    await witness.until(`execution ${execution.name} to hold its target`, 60_000, () => {
      const locks = changesOf("lock", witness.changes()).map(({ object }) => object);
      return locks.find(({ spec }) => spec.holder?.uid === execution.uid);
    });
  } finally {
    await cluster.restart("tekton-webhook");
  }
}

/** The API server ends and comes back while a step runs. */
export async function restartApiServer(scene: Scene): Promise<void> {
  await stepSpeaks(scene, "change", "change");
  await scene.platform.cluster.restart("kube-apiserver");
}
