import { isMapping } from "./bundle-object.ts";
import type { BundleObject } from "./bundle-object.ts";
import type { Problem } from "./problem.ts";

/** Tekton's own limit (docs/tekton-bundle-contracts.md). */
const mostObjects = 20;

/** What only shows when all objects are known: doubles, a missing `workflow`, too many. */
export function checkBundle(objects: readonly BundleObject[]): readonly Problem[] {
  return [...checkIdentities(objects), ...checkCount(objects)];
}

/** The kind and name of an object, as `Pipeline workflow`. */
export function identityOf(object: BundleObject): string {
  if (!isMapping(object.value)) return "";
  const { kind, metadata } = object.value;
  return `${String(kind)} ${String(isMapping(metadata) ? metadata["name"] : undefined)}`;
}

function checkIdentities(objects: readonly BundleObject[]): readonly Problem[] {
  const problems: Problem[] = [];
  const seen = new Map<string, string>();
  for (const object of objects) {
    const identity = identityOf(object);
    const first = seen.get(identity);
    if (first === undefined) seen.set(identity, object.file);
    else problems.push({ file: object.file, line: object.lineOf([]), message: `${identity} is already in ${first}` });
  }
  if (seen.has("Pipeline workflow")) return problems;
  return [...problems, ofTheFolder("there is no Pipeline named workflow: that is the one that executions run")];
}

function checkCount(objects: readonly BundleObject[]): readonly Problem[] {
  if (objects.length <= mostObjects) return [];
  return [ofTheFolder(`${String(objects.length)} objects, at most ${String(mostObjects)} are allowed`)];
}

function ofTheFolder(message: string): Problem {
  return { file: "the folder", line: 0, message };
}
