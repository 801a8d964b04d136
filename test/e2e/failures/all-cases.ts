import { bundleCases } from "./cases/bundle-cases.ts";
import { configurationCases } from "./cases/configuration-cases.ts";
import { flowCases } from "./cases/flow-cases.ts";
import { imageCases } from "./cases/image-cases.ts";
import { podCases } from "./cases/pod-cases.ts";
import { resourceCases } from "./cases/resource-cases.ts";
import { stepCases } from "./cases/step-cases.ts";
import { stopCases } from "./cases/stop-cases.ts";
import { timeCases } from "./cases/time-cases.ts";
import type { FaultCase } from "./fault-case.ts";

/** Cases that don't touch each other, the slowest first. */
export const independentCases: readonly FaultCase[] = [
  ...imageCases,
  ...timeCases,
  ...resourceCases,
  ...stopCases,
  ...podCases,
  ...flowCases,
  ...stepCases,
  ...configurationCases,
  ...bundleCases,
];
