import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { bodyOf } from "./answer.ts";
import type { ClusterContext } from "./cluster-context.ts";
import { anExecution, EXECUTIONS, merged } from "./objects.ts";
import { EDITOR, invitePeople } from "./people.ts";
import { policyRefusal } from "./policy-refusal.ts";
import { acceptedRequesters, refusedRequesters } from "./requester-cases.ts";

/** spec.requestedBy: in whose name an execution may be created. */
export function testRequesters(context: ClusterContext): void {
  const { as } = context;
  describe("spec.requestedBy", () => {
    before(() => invitePeople(context));
    for (const [sentence, row] of [...Object.entries(acceptedRequesters), ...Object.entries(refusedRequesters)]) {
      const verdict = row.refusal === undefined ? "may be created" : "can't be created";
      it(`an execution ${verdict} by somebody who ${sentence}`, async () => {
        const spec = row.requestedBy === undefined ? {} : { requestedBy: row.requestedBy };
        const answer = await as(row.as ?? EDITOR, row.uid)("POST", EXECUTIONS, merged(anExecution(), { spec }));
        assert.equal(policyRefusal(answer), row.refusal);
      });
    }
    testLater(context);
  });
}

/** Who looks at creation only must not look at what comes later. */
function testLater({ send, as }: ClusterContext): void {
  it("is in nobody's way afterwards", async () => {
    const execution = merged(anExecution(), { spec: { requestedBy: { username: EDITOR } } });
    const { metadata } = bodyOf(await as(EDITOR)("POST", EXECUTIONS, execution)) as ReturnType<typeof anExecution>;
    const answer = await send("PATCH", `${EXECUTIONS}/${metadata.name}`, { metadata: { labels: { a: "b" } } });
    assert.equal(policyRefusal(answer), undefined);
  });
}
