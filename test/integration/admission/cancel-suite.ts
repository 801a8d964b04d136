import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import type { WorkflowExecution } from "../../../pkg/api/workflow-execution.ts";
import { ACCEPTED, bodyOf, refusalsOf } from "./answer.ts";
import { acceptedCancels, acceptedContents, type CancelCase, refusedCancels, refusedContents } from "./cancel-cases.ts";
import type { ClusterContext } from "./cluster-context.ts";
import { anExecution, EXECUTIONS, executionsIn, merged } from "./objects.ts";
import { CANCELLER, invitePeople } from "./people.ts";
import { policyRefusal } from "./policy-refusal.ts";

/** spec.cancel: what it may become, who may set it, and in whose name. */
export function testCancelling(context: ClusterContext): void {
  describe("spec.cancel", () => {
    before(() => invitePeople(context));
    testCreation(context);
    testTransitions(context);
    testChangesOnTheirOwn(context);
    testContents(context);
    testPeople(context);
    testKubectl(context);
  });
}

type Store = Pick<CancelCase, "namespace" | "name">;

/** Creates an execution. Gives its path. */
async function store({ send }: ClusterContext, { namespace = "default", name }: Store = {}): Promise<string> {
  const execution = merged(anExecution(), { metadata: name === undefined ? {} : { name } });
  const { metadata } = bodyOf(await send("POST", executionsIn(namespace), execution)) as WorkflowExecution;
  return `${executionsIn(namespace)}/${metadata.name}`;
}

function testCreation({ send }: ClusterContext): void {
  it("can't be set at creation, administrator or not", async () => {
    const execution = merged(anExecution(), { spec: { cancel: { mode: "Cancel" } } });
    assert.equal(
      policyRefusal(await send("POST", EXECUTIONS, execution)),
      "422: spec.cancel can't be set at creation: an execution that is not to run is best not created",
    );
  });
}

const MODES = ["StopRunFinally", "CancelRunFinally", "Cancel"];

function notStronger(mode: string): readonly string[] {
  return [
    `spec.cancel: Invalid value: cancel can only become stronger: first StopRunFinally, then CancelRunFinally, then Cancel; reason and requestedBy change only with it. It is ${mode} already`,
  ];
}
const NOT_TAKEN_BACK = ["spec.cancel: Invalid value: cancel cannot be taken back: what it stops does not go on"];

/** Each mode, and none, to each mode, and none. */
function testTransitions(context: ClusterContext): void {
  for (const [index, to] of MODES.entries()) {
    it(`may be set to ${to}`, () => change(undefined, { mode: to }, ACCEPTED));
    for (const from of MODES.slice(0, index)) {
      it(`may become ${to} where it was ${from}`, () => change(from, { mode: to }, ACCEPTED));
    }
    it(`may be ${to} again`, () => change(to, { mode: to }, ACCEPTED));
    for (const from of MODES.slice(index + 1)) {
      it(`can't become ${to} where it was ${from}`, () => change(from, { mode: to }, notStronger(from)));
    }
    it(`can't be unset where it was ${to}`, () => change(to, null, NOT_TAKEN_BACK));
  }

  async function change(from: string | undefined, cancel: unknown, refusals: readonly string[]): Promise<void> {
    const path = await store(context);
    if (from !== undefined) bodyOf(await context.send("PATCH", path, { spec: { cancel: { mode: from } } }));
    const stored = bodyOf(await context.send("GET", path));
    const replaced = await context.send("PUT", `${path}?dryRun=All`, merged(stored, { spec: { cancel } }));
    assert.deepEqual(refusalsOf(replaced), refusals, "replaced");
    assert.deepEqual(refusalsOf(await context.send("PATCH", path, { spec: { cancel } })), refusals, "patched");
  }
}

const asked = { mode: "StopRunFinally", reason: "wrong target", requestedBy: { username: CANCELLER } };

/** Changes of what was asked. */
const onItsOwn: Readonly<Record<string, object>> = {
  "another reason": { reason: "too late" },
  "no reason": { reason: null },
  "another name": { requestedBy: { username: "cora@example.com" } },
  "another UID": { requestedBy: { uid: "uid-carl" } },
  "other groups": { requestedBy: { groups: ["system:authenticated"] } },
  "no name": { requestedBy: null },
};

function testChangesOnTheirOwn(context: ClusterContext): void {
  const canceller = context.as(CANCELLER);
  for (const [sentence, cancel] of Object.entries(onItsOwn)) {
    it(`can't get ${sentence} with the mode that it has`, async () => {
      const path = await storeAsked();
      assert.deepEqual(refusalsOf(await canceller("PATCH", path, { spec: { cancel } })), notStronger(asked.mode));
    });
  }
  for (const sentence of ["another reason", "no reason", "other groups", "no name"]) {
    it(`may get ${sentence} with a stronger mode`, async () => {
      const path = await storeAsked();
      const cancel = { ...onItsOwn[sentence], mode: "Cancel" };
      const changed = bodyOf(await canceller("PATCH", path, { spec: { cancel } })) as WorkflowExecution;
      assert.deepEqual(changed.spec.cancel, merged({ ...asked, mode: "Cancel" }, onItsOwn[sentence]));
    });
  }

  async function storeAsked(): Promise<string> {
    const path = await store(context);
    bodyOf(await canceller("PATCH", path, { spec: { cancel: asked } }));
    return path;
  }
}

function testContents(context: ClusterContext): void {
  async function set(cancel: unknown): Promise<readonly string[]> {
    const path = `${await store(context)}?fieldValidation=Strict`;
    return refusalsOf(await context.send("PATCH", path, { spec: { cancel } }));
  }
  for (const [sentence, cancel] of Object.entries(acceptedContents)) {
    it(`is accepted where it ${sentence}`, async () => {
      assert.deepEqual(await set(cancel), ACCEPTED);
    });
  }
  for (const [sentence, { cancel, refusals }] of Object.entries(refusedContents)) {
    it(`is refused where it ${sentence}`, async () => {
      assert.deepEqual(await set(cancel), refusals);
    });
  }
}

function testPeople(context: ClusterContext): void {
  for (const [sentence, row] of [...Object.entries(acceptedCancels), ...Object.entries(refusedCancels)]) {
    const verdict = row.refusal === undefined ? "may be set" : "can't be set";
    it(`${verdict} by somebody who ${sentence}`, async () => {
      const path = await store(context, row);
      const { as } = context;
      for (const cancel of row.before ?? []) bodyOf(await as(CANCELLER)("PATCH", path, { spec: { cancel } }));
      const answer = await as(row.as ?? CANCELLER, row.uid)("PATCH", path, { spec: { cancel: row.change } });
      assert.equal(policyRefusal(answer)?.replace(/\/execution-\d+:/, "/NAME:"), row.refusal);
      bodyOf(await context.send("DELETE", path));
    });
  }
}

function testKubectl(context: ClusterContext): void {
  it("needs no more than kubectl patch", async () => {
    const path = await store(context);
    const name = path.split("/").at(-1) ?? "";
    const who = ["--as", CANCELLER];
    const me = await context.kubectl(["auth", "whoami", "-o", "jsonpath={.status.userInfo.username}", ...who]);
    const cancel = { mode: "CancelRunFinally", reason: "wrong target", requestedBy: { username: me } };
    const patch = JSON.stringify({ spec: { cancel } });
    await context.kubectl(["patch", "wfe", name, "--type=merge", "--patch", patch, ...who]);
    assert.deepEqual((bodyOf(await context.send("GET", path)) as WorkflowExecution).spec.cancel, cancel);
  });
}
