import { deepEqual } from "../../../pkg/execution/deep-equal.ts";
import type { PatchOperation } from "../../../pkg/controller/ports.ts";
import { anApiError } from "./fake-server.ts";

type Node = Record<string, unknown>;

/** The object with a JSON Patch applied, as far as the product's patches go. A failed test is a conflict, as pkg/kube says. */
export function applyJsonPatch<T>(object: T, operations: readonly PatchOperation[]): T {
  const copy = structuredClone(object);
  for (const operation of operations) applyOperation(copy as Node, operation);
  return copy;
}

function applyOperation(object: Node, operation: PatchOperation): void {
  const path = operation.path.split("/").slice(1).map(unescape);
  const field = path.pop() ?? "";
  const parent = path.reduce<Node>((node, name) => childOf(node, name, operation.path), object);
  if (operation.op === "remove") removeField(parent, field, operation.path);
  else if (operation.op !== "test") parent[field] = structuredClone(operation.value);
  else if (!deepEqual(parent[field] ?? null, operation.value))
    throw anApiError("conflict", `test failed: ${operation.path}`);
}

/** A name within a JSON Pointer (RFC 6901). */
function unescape(name: string): string {
  return name.replaceAll("~1", "/").replaceAll("~0", "~");
}

function childOf(node: Node, name: string, path: string): Node {
  const child = node[name];
  if (typeof child !== "object" || child === null) throw anApiError("conflict", `no such path: ${path}`);
  return child as Node;
}

function removeField(parent: Node, field: string, path: string): void {
  if (!(field in parent)) throw anApiError("conflict", `nothing to remove: ${path}`);
  Reflect.deleteProperty(parent, field);
}
