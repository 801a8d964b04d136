/** The part of a Kubernetes `Status` (meta/v1) that decides what an answer means. */
export interface KubeStatus {
  readonly reason?: string;
  readonly message?: string;
  readonly details?: {
    readonly name?: string;
    /** Of the object that the answer is about; a plural where the server writes one (`namespaces`). */
    readonly kind?: string;
    readonly causes?: readonly StatusCause[];
    readonly retryAfterSeconds?: number;
  };
}

export interface StatusCause {
  readonly reason?: string;
  readonly message?: string;
  readonly field?: string;
}

/** The Status in an answer's body; undefined where it is something else (plain text, a proxy's page, an object). */
export function parseStatus(text: string): KubeStatus | undefined {
  const value = parseJson(text);
  return isStatus(value) ? value : undefined;
}

function isStatus(value: unknown): value is KubeStatus {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "Status";
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
