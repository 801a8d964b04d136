/** Which keys the product takes up after a change: its own triggers, told by its own stores. */
import type { KubernetesObject } from "../../pkg/api/meta.ts";
import { createStores, type Stores } from "../../pkg/controller/stores.ts";
import { LOCK_SLOT, ownerOf, range, read, type State } from "./layout.ts";
import { fill } from "./observation.ts";
import type { World } from "./world.ts";

/** The keys that the change of these objects wakes, in that order. */
export function wokenBy(world: World, before: State, after: State): readonly string[] {
  const { slots } = world.layout;
  const changed = range(slots).filter((slot) => read(before, slot) !== read(after, slot));
  if (changed.length === 0) return [];
  const stores = createStores();
  fill(
    world,
    stores,
    range(slots).map((slot) => read(before, slot)),
  );
  const keys: string[] = [];
  const end = world.product.watch(stores, (key) => keys.push(key));
  for (const slot of changed)
    tell(stores, slot, [world.table.get(read(before, slot)), world.table.get(read(after, slot))]);
  end();
  return [...new Set(keys)];
}

/** Newer than every version in the object table: there, versions don't grow. */
const LATER = String(2 ** 40);

function tell(stores: Stores, slot: number, [was, is]: readonly (KubernetesObject | undefined)[]): void {
  const shown = is ?? was;
  if (shown === undefined) return;
  const object = { ...shown, metadata: { ...shown.metadata, resourceVersion: LATER } };
  const event = { type: is === undefined ? "DELETED" : "MODIFIED", object } as const;
  const store = slot === LOCK_SLOT ? stores.locks : storeOf(stores, slot);
  // Each store takes the objects of its own slot.
  (store.apply as (one: typeof event) => void).call(store, event);
}

function storeOf(
  stores: Stores,
  slot: number,
): Stores["executions"] | Stores["runs"] | Stores["taskRuns"] | Stores["pods"] {
  const { kind = "execution" } = ownerOf(slot) ?? {};
  switch (kind) {
    case "execution":
      return stores.executions;
    case "run":
      return stores.runs;
    case "taskRun":
      return stores.taskRuns;
    case "pod":
      return stores.pods;
  }
}
