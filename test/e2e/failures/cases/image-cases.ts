import { bundled } from "../bundles.ts";
import { blamesChange, type FaultCase } from "../fault-case.ts";
import { untilStuck } from "../provoke.ts";
import { afterPreparing, change, plainStep, step, task } from "../workflow.ts";

const NOT_STARTED = { executed: false, retryable: false } as const;
const NOT_CHANGED = /did not change the target/;

/** Images that can't be had. */
export const imageCases: readonly FaultCase[] = [
  {
    name: "image-missing",
    when: "a step's image isn't in the registry",
    bundle: bundled(({ cluster }) =>
      change(step("change", "echo never", { image: `${cluster.registry ?? ""}/test/no-such-image:1` })),
    ),
    provoke: untilStuck(/^(ErrImagePull|ImagePullBackOff): .*no-such-image/),
    expected: blamesChange("ImagePullBackOff", { ...NOT_STARTED, step: "change", summary: NOT_CHANGED }),
  },
  {
    name: "image-missing-later",
    when: "a step's image isn't in the registry, and another task has run before",
    bundle: bundled(({ cluster }) =>
      afterPreparing(
        task("change", [step("change", "echo never", { image: `${cluster.registry ?? ""}/test/no-such-image:2` })]),
      ),
    ),
    expected: blamesChange(
      "ImagePullBackOff",
      { executed: true, retryable: false, step: "change", summary: /completed: prepare.* may have been changed/ },
      1,
    ),
  },
  {
    name: "image-name-invalid",
    when: "a step's image has a name that can't be one",
    bundle: bundled(change(step("change", "echo never", { image: "127.0.0.1:5000/Not//An:Image" }))),
    expected: blamesChange("ImagePullBackOff", { ...NOT_STARTED, step: "change", summary: NOT_CHANGED }),
  },
  {
    name: "image-denied",
    when: "the registry of a step's image refuses us",
    bundle: bundled(({ refusingRegistry }) =>
      change(step("change", "echo never", { image: `${refusingRegistry}/private/image:1` })),
    ),
    expected: blamesChange("ImagePullBackOff", {
      ...NOT_STARTED,
      step: "change",
      summary: /pull access denied.*authorization failed: no basic auth credentials.*pull credentials/,
    }),
  },
  {
    name: "entrypoint-missing",
    when: "a step has no command, and its image isn't there to ask",
    bundle: bundled(({ cluster }) =>
      change(plainStep("change", { image: `${cluster.registry ?? ""}/test/no-such-image:3` })),
    ),
    expected: blamesChange("ImagePullBackOff", { ...NOT_STARTED, summary: NOT_CHANGED }),
  },
];
