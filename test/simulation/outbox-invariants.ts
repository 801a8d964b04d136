import { lastEvent, type Outbox } from "./facts.ts";
import type { World } from "./world.ts";

interface OutboxChange {
  readonly before: Outbox | undefined;
  readonly after: Outbox | undefined;
  /** Ordinal of the last event that is committed in the database. */
  readonly committed: number;
}

/** An event stays in its outbox until it is committed; its number never comes again. Throws Violation. */
export function checkOutbox(world: World, { before = {}, after = {}, committed }: OutboxChange): void {
  const kept = new Map((after.pending ?? []).map(({ ordinal, type }) => [ordinal, type]));
  for (const { ordinal, type } of before.pending ?? []) {
    const isThere = kept.has(ordinal) ? kept.get(ordinal) === type : ordinal <= committed;
    world.must(isThere, "audit", `event ${String(ordinal)} (${type}) left its outbox before it was committed`);
  }
  const acked = after.acked?.ordinal ?? 0;
  world.must(acked <= committed, "audit", `event ${String(acked)} counts as committed and isn't`);
  world.must(lastEvent(after) >= lastEvent(before), "audit", "the numbers of the events begin anew");
}
