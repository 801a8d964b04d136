import { compile } from "json-schema-to-typescript";
import { format } from "prettier";
import { executionCrd, lockCrd, readCrdSchema } from "./crd.ts";
import { toJsonSchema } from "./json-schema.ts";
import { makeReadonly } from "./make-readonly.ts";
import { targetLockTypes, type TypeNames, workflowExecutionTypes } from "./type-names.ts";

/** One generated file: which CRD it comes from and what its types are called. */
export interface GeneratedFile {
  readonly crd: URL;
  readonly output: URL;
  /** Name of the interface with the object's own fields. */
  readonly rootType: string;
  readonly names: TypeNames;
}

const api = new URL("../../pkg/api/", import.meta.url);

export const generatedFiles: readonly GeneratedFile[] = [
  {
    crd: executionCrd,
    output: new URL("workflow-execution.gen.ts", api),
    rootType: "WorkflowExecutionFields",
    names: workflowExecutionTypes,
  },
  {
    crd: lockCrd,
    output: new URL("target-lock.gen.ts", api),
    rootType: "TargetLockFields",
    names: targetLockTypes,
  },
];

/** The text that a generated file must have. Throws where the CRD can't be read or uses what the generator doesn't know. */
export async function renderTypes({ crd, rootType, names }: GeneratedFile): Promise<string> {
  const body = await compile(toJsonSchema(readCrdSchema(crd), names), rootType, {
    additionalProperties: false,
    bannerComment: "",
    format: false,
    unknownAny: true,
  });
  return format(`${banner(crd, body)}\n${makeReadonly(withoutOrigins(body))}`, {
    parser: "typescript",
    printWidth: 120,
  });
}

function banner(crd: URL, body: string): string {
  const source = crd.pathname.split("/").slice(-3).join("/");
  const imports = /\bCondition\b/.test(body) ? 'import type { Condition } from "./meta.ts";\n' : "";
  return `// Generated from ${source} by "make generate". Do not edit.\n${imports}`;
}

/** Drops the remark on which schema refers to a type: every type here is referred to by the same one. */
function withoutOrigins(source: string): string {
  return source.replaceAll(/^ \*\n \* This interface was referenced by .*\n \* via the `definition` ".*"\.\n/gm, "");
}
