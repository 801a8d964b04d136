import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import type { CrdSchema } from "./crd.ts";
import { toJsonSchema } from "./json-schema.ts";
import { makeReadonly } from "./make-readonly.ts";
import { generatedFiles, renderTypes } from "./render-types.ts";

describe("generated types", () => {
  for (const file of generatedFiles) {
    it(`are as fresh as the CRD: ${file.rootType}`, async () => {
      assert.equal(await readFile(file.output, "utf8"), await renderTypes(file), "stale: run make generate");
    });
  }
});

describe("making types readonly", () => {
  it("marks properties, index signatures and arrays, also nested ones, and keeps comments", () => {
    const source = "interface A {\n  /** why */\n  b?: string[] | { c: D[] };\n  [k: string]: unknown;\n}\n";
    const readonly =
      "interface A {\n  /** why */\n  readonly b?: readonly string[] | { readonly c: readonly D[] };\n  readonly [k: string]: unknown;\n}\n";
    assert.equal(makeReadonly(source), readonly);
  });
});

describe("translating a CRD's schema", () => {
  const object: CrdSchema = { type: "object", properties: { a: { type: "string" } } };
  it("refuses an object without a name", () => {
    assert.throws(() => toJsonSchema({ properties: { spec: object } }, new Map()), /the object at spec needs a name/);
  });
  it("refuses one name for two different types", () => {
    const other: CrdSchema = { type: "object", properties: { a: { type: "integer" } } };
    const names = new Map([
      ["spec", "Same"],
      ["status", "Same"],
    ]);
    assert.throws(
      () => toJsonSchema({ properties: { spec: object, status: other } }, names),
      /two different types are named Same/,
    );
  });
  it("gives one type to two places that are equal but for their descriptions", () => {
    const names = new Map([
      ["spec", "Same"],
      ["status", "Same"],
    ]);
    const other = { ...object, description: "another one" };
    const { definitions } = toJsonSchema({ properties: { spec: object, status: other } }, names);
    assert.deepEqual(Object.keys(definitions ?? {}), ["Same"]);
  });
  it("refuses a type that it doesn't know", () => {
    const schema: CrdSchema = { properties: { spec: { type: "object", properties: { a: { type: "date" } } } } };
    assert.throws(() => toJsonSchema(schema, new Map([["spec", "Spec"]])), /spec\.a: the generator knows no type date/);
  });
  it("leaves out what every Kubernetes object has", () => {
    const { properties } = toJsonSchema(
      { properties: { metadata: { type: "object" }, kind: { type: "string" } } },
      new Map(),
    );
    assert.deepEqual(properties, {});
  });
});
