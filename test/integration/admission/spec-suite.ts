import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { executionCrd, readCrdSchema } from "../../generate/crd.ts";
import { acceptedSpecs } from "./accepted-specs.ts";
import { ACCEPTED, bodyOf, refusalsOf } from "./answer.ts";
import type { ClusterContext } from "./cluster-context.ts";
import { changes, everyField, harmless } from "./immutable-spec.ts";
import { anExecution, EXECUTIONS, merged } from "./objects.ts";
import { refusedSpecs } from "./refused-specs.ts";

/** The rules of WorkflowExecution's spec. */
export function testSpecs(context: ClusterContext): void {
  testCreation(context);
  testImmutability(context);
}

function testCreation({ send }: ClusterContext): void {
  async function create(change: unknown): Promise<readonly string[]> {
    const execution = merged(anExecution(), { spec: change });
    return refusalsOf(await send("POST", `${EXECUTIONS}?fieldValidation=Strict`, execution));
  }
  describe("the API server refuses an execution that", () => {
    for (const [sentence, { change, refusals }] of Object.entries(refusedSpecs)) {
      it(sentence, async () => {
        assert.deepEqual(await create(change), refusals);
      });
    }
  });
  describe("the API server accepts an execution that", () => {
    for (const [sentence, change] of Object.entries(acceptedSpecs)) {
      it(sentence, async () => {
        assert.deepEqual(await create(change), ACCEPTED);
      });
    }
  });
}

function testImmutability({ send }: ClusterContext): void {
  const full = { ...anExecution(), spec: everyField };
  const path = `${EXECUTIONS}/${full.metadata.name}`;
  describe("after creation", () => {
    before(async () => bodyOf(await send("POST", `${EXECUTIONS}?fieldValidation=Strict`, full)));
    it("every field of spec is tried", () => {
      const fields = Object.keys(readCrdSchema(executionCrd).properties?.["spec"]?.properties ?? {});
      // cancel-suite.ts tries the last one.
      assert.deepEqual([...Object.keys(everyField), "cancel"], fields);
      assert.deepEqual([...Object.keys(changes), "cancel"], fields);
    });
    for (const [field, patches] of Object.entries(changes)) {
      it(`${field} can be neither changed nor removed, also not while it is cancelled`, async () => {
        for (const patch of patches) {
          for (const cancelling of [{}, { cancel: { mode: "Cancel" } }]) {
            const change = { ...(patch as object), ...cancelling };
            assert.deepEqual(
              refusalsOf(await send("PATCH", path, { spec: change })),
              [`spec.${field}: Invalid value: ${field} is immutable after creation`],
              JSON.stringify(change),
            );
          }
        }
      });
    }
    for (const field of Object.keys(everyField)) {
      if (Object.hasOwn(anExecution().spec, field)) continue;
      it(`${field} can't be added`, async () => {
        const bare = anExecution();
        bodyOf(await send("POST", EXECUTIONS, bare));
        const answer = await send("PATCH", `${EXECUTIONS}/${bare.metadata.name}`, {
          spec: { [field]: everyField[field] },
        });
        assert.deepEqual(refusalsOf(answer), [`spec.${field}: Invalid value: ${field} is immutable after creation`]);
      });
    }
    for (const [sentence, patch] of Object.entries(harmless)) {
      it(`a patch passes that ${sentence}`, async () => {
        assert.deepEqual(refusalsOf(await send("PATCH", path, patch)), ACCEPTED);
      });
    }
  });
}
