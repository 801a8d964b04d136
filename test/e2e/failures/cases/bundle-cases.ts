import { bundled, misnamed, NO_SUCH_DIGEST, reference, wrongDigest } from "../bundles.ts";
import { blamesNoTask, type FaultCase } from "../fault-case.ts";
import { change, step } from "../workflow.ts";

const NOT_STARTED = { executed: false, retryable: false } as const;
const WORKFLOW = change(step("change", "echo never"));

/** Bundles that can't be fetched, or aren't what they should be. */
export const bundleCases: readonly FaultCase[] = [
  {
    name: "bundle-missing",
    when: "no such bundle was ever pushed",
    bundle: reference(({ cluster }) => `${cluster.registry ?? ""}/faults/no-such-bundle:1.0.0`),
    expected: blamesNoTask("ConfigurationError", { ...NOT_STARTED, summary: /NAME_UNKNOWN|MANIFEST_UNKNOWN/ }),
  },
  {
    name: "digest-wrong",
    when: "the bundle has another digest",
    bundle: wrongDigest(bundled(WORKFLOW)),
    expected: blamesNoTask("ConfigurationError", {
      ...NOT_STARTED,
      summary: new RegExp(`${NO_SUCH_DIGEST}|MANIFEST_UNKNOWN`),
    }),
  },
  {
    name: "pipeline-misnamed",
    when: "no pipeline in the bundle is called workflow",
    bundle: misnamed(WORKFLOW),
    expected: blamesNoTask("ConfigurationError", { ...NOT_STARTED, summary: /could not find object.*name: workflow/ }),
  },
  {
    name: "no-bundle",
    when: "the image is no bundle",
    bundle: reference(({ cluster }) => cluster.images?.shell ?? ""),
    expected: blamesNoTask("ConfigurationError", { ...NOT_STARTED, summary: /bundle|annotation/ }),
  },
  {
    name: "bundle-denied",
    when: "the bundle's registry refuses us",
    bundle: reference(({ refusingRegistry }) => `${refusingRegistry}/private/bundle@${NO_SUCH_DIGEST}`),
    expected: blamesNoTask("Forbidden", { ...NOT_STARTED, summary: /UNAUTHORIZED.*credentials/ }),
  },
  {
    name: "registry-down",
    when: "nobody answers where the bundle's registry should be",
    // Nobody listens on port 1.
    bundle: reference(() => `127.0.0.1:1/faults/bundle@${NO_SUCH_DIGEST}`),
    expected: blamesNoTask("ImagePullBackOff", {
      executed: false,
      retryable: true,
      summary: /connection refused.*tried again unchanged after/,
    }),
  },
];
