/** Verbs as Kubernetes' authorization and metrics name them. */
export type Verb = "get" | "list" | "watch" | "create" | "update" | "patch" | "delete";

/** What a request is about: decides what an answer means, and is what messages and metrics say. */
export interface RequestTarget {
  readonly verb: Verb;
  /** The plural, with the subresource where there is one: `pods`, `workflowexecutions/status`. */
  readonly resource: string;
  readonly namespace?: string;
  readonly name?: string;
}

/** One request to the API server. */
export interface ApiRequest extends RequestTarget {
  /** Below the server's address, with every segment escaped (resource-path.ts). */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Of the body; `application/json` unless told. */
  readonly contentType?: string;
  /** `application/json` unless told. */
  readonly accept?: string;
  /** From sending to the last byte of the answer (of a stream: to its headers); the connection's unless told. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

const methods = {
  get: "GET",
  list: "GET",
  watch: "GET",
  create: "POST",
  update: "PUT",
  patch: "PATCH",
  delete: "DELETE",
} as const satisfies Record<Verb, string>;

/** The HTTP method of a verb. */
export function methodOf(verb: Verb): (typeof methods)[Verb] {
  return methods[verb];
}

/** `create pipelineruns kubernaut-workflows/x`: the beginning of every error message. */
export function describeTarget(target: RequestTarget): string {
  const at = [target.namespace, target.name].filter((part) => part !== undefined).join("/");
  return at === "" ? `${target.verb} ${target.resource}` : `${target.verb} ${target.resource} ${at}`;
}
