import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { eventId, uuidV5 } from "./event-id.ts";

describe("the id of an event", () => {
  it("is a UUID of version 5: the vector of RFC 9562, appendix A.4", () => {
    const dns = "6ba7b810-9dad-11d1-80b4-00c04fd430c8";
    assert.equal(uuidV5(dns, "www.example.com"), "2ed6657d-e927-568b-95e1-2665a8aea6a2");
  });

  it("stays what it is in every version of the controller", () => {
    const id = eventId("2f6c1a40-3f1d-4f0e-8a53-0d1c6f1f7a11", 1, "workflowexecution.workflow.requested");
    assert.equal(id, "b9dcd466-ebdd-5e5f-bb8d-e5e7a19b9ac6");
  });

  const same = ["uid", 1, "a.b"] as const;
  const others: Readonly<Record<string, readonly [string, number, string]>> = {
    "another execution": ["other", 1, "a.b"],
    "another ordinal": ["uid", 2, "a.b"],
    "another type": ["uid", 1, "a.c"],
  };
  for (const [sentence, other] of Object.entries(others)) {
    it(`differs for ${sentence}`, () => {
      assert.notEqual(eventId(...same), eventId(...other));
    });
  }
});
