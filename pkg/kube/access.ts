import type { Connection } from "./connection.ts";

/** An act on a kind of object. */
export interface AccessQuestion {
  readonly verb: string;
  readonly group: string;
  /** The plural. */
  readonly resource: string;
  /** Without it: in all namespaces. */
  readonly namespace?: string;
}

/** Asks the API server whether we ourselves may do that (SelfSubjectAccessReview). Throws ApiError. */
export async function selfSubjectAccessReview(connection: Connection, question: AccessQuestion): Promise<boolean> {
  const review = await connection.request<{ readonly status?: { readonly allowed?: boolean } }>({
    verb: "create",
    resource: "selfsubjectaccessreviews",
    path: "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
    body: {
      apiVersion: "authorization.k8s.io/v1",
      kind: "SelfSubjectAccessReview",
      spec: { resourceAttributes: question },
    },
  });
  return review.status?.allowed === true;
}
