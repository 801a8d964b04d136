import type { JSONSchema } from "json-schema-to-typescript";
import type { CrdSchema } from "./crd.ts";
import type { TypeNames } from "./type-names.ts";

/** Types that are written by hand and imported by the generated file, by their place in the schema. */
const handWritten = new Map([["status.conditions.[]", "Condition"]]);

/** What every Kubernetes object has: KubernetesObject of pkg/api/meta.ts. */
const commonFields = new Set(["apiVersion", "kind", "metadata"]);

/**
 * Translates a CRD's own fields (spec, status) into the JSON schema that json-schema-to-typescript reads: one definition for each name.
 * Throws where an object with properties has no name, or where two places of the same name differ.
 */
export function toJsonSchema(root: CrdSchema, names: TypeNames): JSONSchema {
  const definitions = new Map<string, JSONSchema>();
  const own = Object.entries(root.properties ?? {}).filter(([name]) => !commonFields.has(name));
  const shape = objectShape({ ...root, properties: Object.fromEntries(own) }, [], { names, definitions });
  return { ...describe(root), ...shape, definitions: Object.fromEntries(definitions) };
}

interface Translation {
  readonly names: TypeNames;
  readonly definitions: Map<string, JSONSchema>;
}

function convert(schema: CrdSchema, path: readonly string[], translation: Translation): JSONSchema {
  const place = path.join(".");
  const imported = handWritten.get(place);
  if (imported !== undefined) return { tsType: imported };
  const name = translation.names.get(place);
  if (name === undefined && schema.properties !== undefined) throw new Error(`the object at ${place} needs a name`);
  const converted = { ...describe(schema), ...shapeOf(schema, path, translation) };
  return name === undefined ? converted : define(name, converted, translation);
}

function define(name: string, schema: JSONSchema, { definitions }: Translation): JSONSchema {
  const known = definitions.get(name);
  if (known !== undefined && shapeText(known) !== shapeText(schema))
    throw new Error(`two different types are named ${name}`);
  if (known === undefined) definitions.set(name, schema);
  return { $ref: `#/definitions/${name}` };
}

/** A description may differ between two places of one type; what it consists of may not. */
function shapeText(schema: JSONSchema): string {
  return JSON.stringify({ ...schema, description: undefined });
}

function describe(schema: CrdSchema): JSONSchema {
  return schema.description === undefined ? {} : { description: schema.description };
}

const scalarTypes = ["string", "integer", "number", "boolean"] as const;

function shapeOf(schema: CrdSchema, path: readonly string[], translation: Translation): JSONSchema {
  if (schema["x-kubernetes-int-or-string"] === true) return { type: ["integer", "string"] };
  if (schema["x-kubernetes-preserve-unknown-fields"] === true) return { tsType: "unknown" };
  if (schema.type === "object") return objectShape(schema, path, translation);
  if (schema.items !== undefined) return { type: "array", items: convert(schema.items, [...path, "[]"], translation) };
  if (schema.enum !== undefined) return { enum: [...schema.enum] };
  const type = scalarTypes.find((known) => known === schema.type);
  if (type === undefined) throw new Error(`${path.join(".")}: the generator knows no type ${String(schema.type)}`);
  return { type };
}

function objectShape(schema: CrdSchema, path: readonly string[], translation: Translation): JSONSchema {
  if (schema.additionalProperties !== undefined) {
    return { type: "object", additionalProperties: convert(schema.additionalProperties, [...path, "{}"], translation) };
  }
  const properties = Object.entries(schema.properties ?? {});
  return {
    type: "object",
    additionalProperties: false,
    required: [...(schema.required ?? [])],
    properties: Object.fromEntries(
      properties.map(([key, child]) => [key, convert(child, [...path, key], translation)]),
    ),
  };
}
