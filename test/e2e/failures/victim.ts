import assert from "node:assert/strict";
import { after, before } from "node:test";
import { startController, type Controller } from "../controller.ts";
import type { Stage } from "../platform.ts";

/** A controller that is killed again and again, and started again each time. */
export interface Victim {
  /** Kills it (SIGKILL), once it is ready, and gives the moment. Another one starts then. */
  readonly kill: () => Promise<Date>;
}

/** Such a controller for the tests of the present suite. Who asks while a death is still to come shares it. */
export function useVictim(stage: Stage, settings: Readonly<Record<string, unknown>>): Victim {
  let present: Controller | undefined;
  let ready: Promise<void> = Promise.resolve();
  let next: Promise<Date> | undefined;
  before(async () => {
    present = await startController(stage(), { settings });
  });
  after(async () => {
    await ready;
    await present?.stop();
  });

  async function strike(): Promise<Date> {
    await ready;
    next = undefined;
    assert.ok(present, "there is no controller");
    const at = new Date();
    const death = present.kill();
    ready = death.then(replace);
    await death;
    return at;
  }

  async function replace(): Promise<void> {
    present = await startController(stage(), { settings });
  }

  function kill(): Promise<Date> {
    return (next ??= strike());
  }
  return { kill };
}
