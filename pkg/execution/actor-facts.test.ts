import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cleanText } from "../tekton/clean-text.ts";
import { actorFacts } from "./actor-facts.ts";

function groupsOf(groups: readonly string[]): readonly string[] {
  return JSON.parse(cleanText(actorFacts({ username: "ada", groups })["actorGroups"] ?? "")) as readonly string[];
}

describe("the facts of who did something", () => {
  it("are name, UID and groups as they are given", () => {
    assert.deepEqual(actorFacts({ username: "ada", uid: "u-1", groups: ["sre", "on, call"] }), {
      actor: "ada",
      actorUid: "u-1",
      actorGroups: '["sre","on, call"]',
    });
  });
  it("invent nothing: no UID, no groups, nobody", () => {
    assert.deepEqual(actorFacts({ username: "ada", uid: "" }), {
      actor: "ada",
      actorUid: undefined,
      actorGroups: undefined,
    });
    assert.deepEqual(actorFacts(undefined), {});
  });
  it("have no group where there is none", () => {
    assert.deepEqual(groupsOf([]), []);
  });
  it("have all of the most groups of usual length that can be given", () => {
    const groups = Array.from({ length: 32 }, (_, index) => `oidc:team-${String(index)}-${"x".repeat(80)}`);
    assert.deepEqual(groupsOf(groups), groups);
  });
  for (const [sentence, letter] of Object.entries({ letters: "x", "longer characters": "🙂" })) {
    it(`leave out the last groups where all of them don't fit, of ${sentence}, and can still be read`, () => {
      const groups = Array.from({ length: 32 }, () => letter.repeat(256));
      const kept = groupsOf(groups);
      assert.ok(kept.length > 2 && kept.length < 32, String(kept.length));
      assert.deepEqual(kept, groups.slice(0, kept.length));
    });
  }
});
