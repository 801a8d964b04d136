import assert from "node:assert/strict";
import { after, before } from "node:test";
import type { Stage } from "../platform.ts";
import type { World } from "./bundles.ts";
import { startRefusingRegistry, type RefusingRegistry } from "./refusing-registry.ts";
import { furnish } from "./surroundings.ts";

/** Makes what the cases need besides the platform, for the tests of the present suite. */
export function useWorld(stage: Stage): () => World {
  let registry: RefusingRegistry | undefined;
  before(async () => {
    await furnish(stage());
    registry = await startRefusingRegistry();
  });
  after(() => registry?.close());
  return () => {
    assert.ok(registry, "the world is not ready");
    return { cluster: stage().cluster, refusingRegistry: registry.address };
  };
}
