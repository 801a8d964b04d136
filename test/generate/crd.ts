import { readFileSync } from "node:fs";
import { parse } from "yaml";

/** The part of a structural schema (apiextensions.k8s.io/v1 JSONSchemaProps) that the generator and the tests read. */
export interface CrdSchema {
  readonly description?: string;
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, CrdSchema>>;
  readonly items?: CrdSchema;
  readonly additionalProperties?: CrdSchema;
  readonly maxItems?: number;
  readonly maxLength?: number;
  readonly maxProperties?: number;
  readonly format?: string;
  readonly "x-kubernetes-int-or-string"?: boolean;
  readonly "x-kubernetes-preserve-unknown-fields"?: boolean;
  readonly "x-kubernetes-validations"?: readonly CrdRule[];
}

/** One CEL rule of a schema. */
export interface CrdRule {
  readonly rule: string;
  readonly message?: string;
  readonly fieldPath?: string;
}

/** A schema with the way to it: property names, `[]` for a list's items, `{}` for a map's values. */
export interface CrdField {
  readonly path: readonly string[];
  readonly schema: CrdSchema;
}

/** The contract of WorkflowExecution. */
export const executionCrd = new URL("../../config/crd/kubernaut.ai_workflowexecutions.yaml", import.meta.url);
/** The contract of TargetLock. */
export const lockCrd = new URL("../../config/crd/kubernaut.ai_targetlocks.yaml", import.meta.url);

interface CustomResourceDefinition {
  readonly spec: { readonly versions: readonly { readonly schema: { readonly openAPIV3Schema: CrdSchema } }[] };
}

/** The schema of the first version in a CustomResourceDefinition file. Throws where the file has none. */
export function readCrdSchema(file: URL): CrdSchema {
  const crd = parse(readFileSync(file, "utf8")) as CustomResourceDefinition;
  const version = crd.spec.versions[0];
  if (version === undefined) throw new Error(`${file.pathname} has no version`);
  return version.schema.openAPIV3Schema;
}

/** The schema itself and everything below it, parents first. */
export function fieldsOf(schema: CrdSchema, path: readonly string[] = []): CrdField[] {
  const children = childrenOf(schema).flatMap(([step, child]) => fieldsOf(child, [...path, step]));
  return [{ path, schema }, ...children];
}

function childrenOf(schema: CrdSchema): [string, CrdSchema][] {
  const children = Object.entries(schema.properties ?? {});
  if (schema.items !== undefined) children.push(["[]", schema.items]);
  if (schema.additionalProperties !== undefined) children.push(["{}", schema.additionalProperties]);
  return children;
}
