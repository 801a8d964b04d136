import type { Pod } from "../api/core.ts";
import type { ObjectRef } from "../api/meta.ts";
import type { ResourceApi } from "../controller/ports.ts";
import { ApiError } from "../runtime/api-error.ts";
import { describeTarget, type ApiRequest } from "./api-request.ts";
import type { Connection } from "./connection.ts";
import { objectPath, type ResourceType } from "./resource-path.ts";

/** One container of exactly one pod. */
export interface LogSource {
  readonly pod: ObjectRef & { readonly uid: string };
  readonly container: string;
}

const PODS: ResourceType = { group: "", version: "v1", plural: "pods", kind: "Pod", namespaced: true };

const LINES = 40;
/**
 * What is transferred at most: the server counts from the first of the lines, so a smaller limit would lose the last
 * ones. Container runtimes cut lines at 16 KiB.
 */
const LIMIT_BYTES = LINES * 16 * 1024;
/** What is kept of it. */
const LOG_BYTES = 8 * 1024;
/** What comes as the log where the kubelet has none any more (kubernetes pkg/kubelet/kuberuntime, GetContainerLogs). */
const NO_LOG = /^unable to retrieve container logs for \S+\s*$/;
/** The API server asks the pod's node, which may be gone. A worker waits for this. */
const TIMEOUT_MS = 5_000;

/**
 * The last lines that a container has written, at most 8 KiB of whole lines; of a single line that is longer the words at
 * its end.
 *
 * The log of a pod is asked for by name, and a pod that was deleted may have been made again under its name (Tekton does
 * that). Uids don't come back: if the name still belongs to this one after the log was read, it did so all the time. A
 * name that belongs to nobody is fine too: a pod that dies is what logs are read for, and no other one can have been
 * made, run and removed in between. Throws ApiError, `conflict` where the name is another pod's.
 */
export async function readLog(
  connection: Connection,
  pods: Pick<ResourceApi<Pod>, "get">,
  source: LogSource,
  timeoutMs: number = TIMEOUT_MS,
): Promise<string> {
  const request = logRequest(source, timeoutMs);
  const end = await readEnd(await connection.stream(request, timeoutMs), LOG_BYTES);
  const now = await pods.get(source.pod);
  if (now !== undefined && now.metadata.uid !== source.pod.uid) {
    const message = `${describeTarget(request)}: the name is another pod's by now`;
    throw new ApiError(message, { kind: "conflict", code: 409 });
  }
  return NO_LOG.test(end) ? "" : end;
}

function logRequest({ pod, container }: LogSource, timeoutMs: number): ApiRequest {
  const { namespace = "", name } = pod;
  return {
    ...{ verb: "get", resource: "pods/log", namespace, name },
    path: objectPath(PODS, pod, "log"),
    query: { container, tailLines: String(LINES), limitBytes: String(LIMIT_BYTES) },
    // The log comes as plain text, a refusal as JSON.
    accept: "*/*",
    timeoutMs,
  };
}

/** The last bytes of a stream as text, without holding more of it. */
async function readEnd(chunks: AsyncIterable<Uint8Array>, maxBytes: number): Promise<string> {
  let end = Buffer.alloc(0);
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    end = Buffer.concat([end, chunk]).subarray(-maxBytes);
  }
  const text = end.toString("utf8");
  return bytes > maxBytes ? fromBoundary(text) : text;
}

/** Without the line (where there is only one: the word) that was cut: half a secret isn't recognized as one any more. */
function fromBoundary(text: string): string {
  const line = text.indexOf("\n");
  const start = line >= 0 && line < text.length - 1 ? line : text.search(/\s/);
  return start < 0 ? "" : text.slice(start + 1);
}
