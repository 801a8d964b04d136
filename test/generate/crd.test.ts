import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type CrdSchema, executionCrd, fieldsOf, lockCrd, readCrdSchema } from "./crd.ts";

const crds = { WorkflowExecution: readCrdSchema(executionCrd), TargetLock: readCrdSchema(lockCrd) };
/** The one field of spec that may be set and changed later; its rules are tried in test/integration/admission. */
const CANCEL = "cancel";
/** The API server describes it, and refuses a description of ours. */
const METADATA = "metadata";

describe("spec of WorkflowExecution", () => {
  const spec = crds.WorkflowExecution.properties?.["spec"];
  assert.ok(spec?.properties !== undefined);
  it("has one field that is not immutable", () => {
    assert.ok(spec.properties !== undefined && CANCEL in spec.properties);
  });
  for (const field of Object.keys(spec.properties).filter((name) => name !== CANCEL)) {
    it(`can't be changed in ${field}, nor can ${field} be added or removed`, () => {
      const rule = spec["x-kubernetes-validations"]?.find(
        ({ message }) => message === `${field} is immutable after creation`,
      );
      assert.deepEqual(rule, {
        rule: immutable(field, spec.required?.includes(field) ?? false),
        fieldPath: `.${field}`,
        message: `${field} is immutable after creation`,
      });
    });
  }
});

for (const [kind, schema] of Object.entries(crds)) {
  const fields = fieldsOf(schema).map(({ path, schema: field }) => ({ name: path.join("."), field }));
  describe(kind, () => {
    it("describes every field", () => {
      const silent = fields.filter(({ name, field }) => name !== METADATA && !field.description);
      assert.deepEqual(
        silent.map(({ name }) => name),
        [],
      );
    });
    it("bounds every string, list and map, so that no object grows without limit and every rule's cost is known", () => {
      const endless = fields.filter(({ name, field }) => name.includes(".") && !isBounded(field));
      assert.deepEqual(
        endless.map(({ name }) => name),
        [],
      );
    });
    it("says in words what every rule demands", () => {
      for (const { name, field } of fields) {
        for (const { rule, message } of field["x-kubernetes-validations"] ?? []) assert.ok(message, `${name}: ${rule}`);
      }
    });
  });
}

/** Optional fields are compared with has() on both sides: an addition and a removal are changes too. */
function immutable(field: string, required: boolean): string {
  const same = `self.${field} == oldSelf.${field}`;
  return required ? same : `has(self.${field}) == has(oldSelf.${field}) && (!has(self.${field}) || ${same})`;
}

function isBounded(schema: CrdSchema): boolean {
  if (schema.items !== undefined) return schema.maxItems !== undefined;
  if (schema.additionalProperties !== undefined) return schema.maxProperties !== undefined;
  if (schema.type !== "string") return true;
  return schema.maxLength !== undefined || schema.enum !== undefined || schema.format === "date-time";
}
