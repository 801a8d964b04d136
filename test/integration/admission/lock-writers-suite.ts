import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import type { TargetLock } from "../../../pkg/api/target-lock.ts";
import { waitFor } from "../../cluster/wait.ts";
import { bodyOf } from "./answer.ts";
import { ask } from "./asks.ts";
import type { ClusterContext } from "./cluster-context.ts";
import { idleWrites, lockWrites, protocolAfterAsk, protocolBeforeAsk, storedMetadata } from "./lock-writes.ts";
import { aBlockingLock, aHeldLock, LOCKS, merged } from "./objects.ts";
import { CLEARER, CONTROLLER, EDITOR, invitePeople, KEEPER, KEPT_LOCK } from "./people.ts";
import { policyRefusal } from "./policy-refusal.ts";

const GARBAGE_COLLECTOR = "system:serviceaccount:kube-system:generic-garbage-collector";

/** Who may write a lock: the controller, and nobody else who has no more than the usual rights. */
export function testLockWriters(context: ClusterContext): void {
  describe("a target lock", () => {
    before(() => invitePeople(context));
    testController(context);
    testEditor(context);
    testCreationAndDeletion(context);
    testRightOnOneLock(context);
    testDeletedLock(context);
  });
}

function pathOf({ metadata }: TargetLock): string {
  return `${LOCKS}/${metadata.name}`;
}

/** Puts it on the server as administrator, in a form that all cases can change. */
async function store({ send }: ClusterContext, metadata: unknown = storedMetadata): Promise<TargetLock> {
  return bodyOf(await send("POST", LOCKS, merged(aBlockingLock(), { metadata }))) as TargetLock;
}

function testController({ as }: ClusterContext): void {
  const controller = as(CONTROLLER);
  const lock = aHeldLock();
  async function replace(patch: unknown): Promise<string | undefined> {
    const stored = bodyOf(await controller("GET", pathOf(lock)));
    return policyRefusal(await controller("PUT", pathOf(lock), merged(stored, patch)));
  }
  it("is written by the controller when it takes it", async () => {
    assert.equal(policyRefusal(await controller("POST", LOCKS, lock)), undefined);
  });
  testSteps(protocolBeforeAsk);
  it("is not written by the controller when it asks for a block to be lifted: that is for people", async () => {
    const annotations = ask("restart-deployment: x", CONTROLLER);
    assert.match((await replace({ metadata: { annotations } })) ?? "", /^403: .* needs the verb clear/);
  });
  it("is written by somebody who asks for a block to be lifted", async () => {
    const annotations = ask("restart-deployment: x", CLEARER);
    assert.equal(policyRefusal(await as(CLEARER)("PATCH", pathOf(lock), { metadata: { annotations } })), undefined);
  });
  testSteps(protocolAfterAsk);
  it("is deleted by the controller", async () => {
    const { metadata } = bodyOf(await controller("GET", pathOf(lock))) as TargetLock;
    const preconditions = { uid: metadata.uid, resourceVersion: metadata.resourceVersion };
    const options = { preconditions, propagationPolicy: "Foreground" };
    assert.equal(policyRefusal(await controller("DELETE", pathOf(lock), options)), undefined);
    await waitFor("the lock to be gone", 30_000, async () => (await controller("GET", pathOf(lock))).status === 404);
  });

  function testSteps(steps: Readonly<Record<string, unknown>>): void {
    for (const [sentence, patch] of Object.entries(steps)) {
      it(`is written by the controller when it ${sentence}`, async () => {
        assert.equal(await replace(patch), undefined);
      });
    }
  }
}

function testEditor(context: ClusterContext): void {
  const editor = context.as(EDITOR);
  for (const [sentence, { patch, changes }] of Object.entries(lockWrites)) {
    it(`is not written by an editor who ${sentence}`, async () => {
      const stored = await store(context);
      const refusal = policyRefusal(await editor("PATCH", pathOf(stored), patch));
      const [, fields] = /^403: user "eve@example.com" may not change (.*) of TargetLock/.exec(refusal ?? "") ?? [];
      assert.deepEqual(fields?.split(", ").toSorted(), changes, refusal);
    });
  }
  it("is not written by an editor who replaces it", async () => {
    const stored = await store(context);
    const answer = await editor("PUT", pathOf(stored), merged(stored, { spec: { workflows: null } }));
    assert.equal(
      policyRefusal(answer),
      `403: user "${EDITOR}" may not change spec.workflows of TargetLock ${stored.metadata.name} (${stored.spec.targetResource}): that needs the verb record, which only the controller should have. With a record that it did not write itself two workflows can act on the target at once. Delete the execution that holds the lock instead, or ask for a block to be lifted with the annotations kubernaut.ai/clear-execution-block and kubernaut.ai/cleared-by`,
    );
  });
  for (const [sentence, patch] of Object.entries(idleWrites)) {
    it(`stays as it is where an editor ${sentence}`, async () => {
      assert.equal(policyRefusal(await editor("PATCH", pathOf(await store(context)), patch)), undefined);
    });
  }
}

function testCreationAndDeletion(context: ClusterContext): void {
  const editor = context.as(EDITOR);
  function deletionRefusal({ metadata, spec }: TargetLock): string {
    return `403: user "${EDITOR}" may not delete TargetLock ${metadata.name} (${spec.targetResource}): that needs the verb record, which only the controller should have. Without the lock two workflows can act on the target at once, and cooldowns and blocks are forgotten. Delete the execution that holds it instead, or ask for a block to be lifted with the annotations kubernaut.ai/clear-execution-block and kubernaut.ai/cleared-by`;
  }
  it("is not made by an editor", async () => {
    const lock = aBlockingLock();
    assert.equal(
      policyRefusal(await editor("POST", LOCKS, lock)),
      `403: user "${EDITOR}" may not create TargetLock ${lock.metadata.name} (${lock.spec.targetResource}): that needs the verb record, which only the controller should have. A lock that it did not take itself can let two workflows act on the target at once. Create a WorkflowExecution instead: the controller makes the lock`,
    );
  });
  it("is not deleted by an editor", async () => {
    const stored = await store(context);
    assert.equal(policyRefusal(await editor("DELETE", pathOf(stored))), deletionRefusal(stored));
  });
  it("is not deleted by an editor who deletes all that bear a label", async () => {
    const stored = await store(context, { labels: { swept: "yes" } });
    const answer = await editor("DELETE", `${LOCKS}?labelSelector=swept%3Dyes`);
    assert.equal(policyRefusal(answer), deletionRefusal(stored));
    bodyOf(await context.send("GET", pathOf(stored)));
  });
}

function testRightOnOneLock(context: ClusterContext): void {
  const keeper = context.as(KEEPER);
  const forget = { spec: { workflows: null } };
  it("is made, written and deleted by somebody who has the verb record on it", async () => {
    const path = `${LOCKS}/${KEPT_LOCK}`;
    const lock = merged(aBlockingLock(), { metadata: { name: KEPT_LOCK } });
    assert.equal(policyRefusal(await keeper("POST", LOCKS, lock)), undefined);
    assert.equal(policyRefusal(await keeper("PATCH", path, forget)), undefined);
    assert.equal(policyRefusal(await keeper("DELETE", path)), undefined);
  });
  it("is neither made, written nor deleted by somebody who has the verb record on another", async () => {
    const path = pathOf(await store(context));
    assert.match(policyRefusal(await keeper("POST", LOCKS, aBlockingLock())) ?? "", /^403: .* may not create /);
    assert.match(policyRefusal(await keeper("PATCH", path, forget)) ?? "", /^403: .* may not change spec.workflows /);
    assert.match(policyRefusal(await keeper("DELETE", path)) ?? "", /^403: .* may not delete /);
  });
}

function testDeletedLock(context: ClusterContext): void {
  const editor = context.as(EDITOR);
  it("goes once it is deleted: the garbage collector may take its finalizer away, but no record may change", async () => {
    const stored = await store(context);
    bodyOf(await context.send("DELETE", pathOf(stored)));
    const refusal = policyRefusal(await editor("PATCH", pathOf(stored), { spec: { workflows: null } }));
    assert.match(refusal ?? "", /^403: .* may not change spec.workflows /);
    const patch = { metadata: { finalizers: null } };
    assert.equal(policyRefusal(await context.as(GARBAGE_COLLECTOR)("PATCH", pathOf(stored), patch)), undefined);
    assert.equal((await context.send("GET", pathOf(stored))).status, 404);
  });
}
