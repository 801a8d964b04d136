import assert from "node:assert/strict";
import { after, afterEach, before } from "node:test";
import { startPlatform, type Platform, type Stage } from "./platform.ts";

/** Starts the platform for the tests of the present suite, and removes it after them; its logs stay where a test failed. */
export function usePlatform(): Stage {
  let platform: Platform | undefined;
  let failed = false;
  before(async () => {
    platform = await startPlatform();
  });
  after(async () => {
    await platform?.stop({ keepLogs: failed });
  });
  afterEach((context) => {
    failed ||= "passed" in context && !context.passed;
  });
  return () => {
    assert.ok(platform, "the platform did not start");
    return platform;
  };
}
