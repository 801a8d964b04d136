import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ApiErrorKind } from "../runtime/api-error.ts";
import type { RequestTarget, Verb } from "./api-request.ts";
import { classifyAnswer } from "./classify.ts";
import type { KubeStatus } from "./kube-status.ts";

interface Case {
  readonly verb: Verb;
  readonly code: number;
  readonly status?: KubeStatus;
  readonly kind: ApiErrorKind;
}

const RBAC =
  'pipelineruns.tekton.dev is forbidden: User "system:serviceaccount:a:b" cannot create resource "pipelineruns"';
const QUOTA =
  'pipelineruns.tekton.dev "run" is forbidden: exceeded quota: runs, requested: count/pipelineruns.tekton.dev=1';
const TERMINATING = "unable to create new content in namespace x because it is being terminated";
const UID_FIELD = { reason: "FieldValueInvalid", field: "metadata.uid", message: "field is immutable" };

/** Shapes as API servers (1.35) and Tekton's webhook (1.15) send them. */
const cases: Readonly<Record<string, Case>> = {
  "the object is gone": { verb: "patch", code: 404, status: gone("pipelineruns", "run"), kind: "notFound" },
  "there is no such object to get": { verb: "get", code: 404, status: gone("pipelineruns", "run"), kind: "notFound" },
  "the kind isn't served (plain text)": { verb: "get", code: 404, kind: "missing" },
  "the kind isn't served for a delete either": { verb: "delete", code: 404, kind: "missing" },
  "a 404 about something else of that name": { verb: "get", code: 404, status: gone("other", "run"), kind: "missing" },
  "the namespace isn't there": { verb: "create", code: 404, status: gone("namespaces", "ns"), kind: "missing" },
  "the kind isn't there at a create": { verb: "create", code: 404, kind: "missing" },
  "the kind is being removed": {
    verb: "create",
    code: 403,
    status: forbidden("is forbidden: create not allowed while custom resource definition is terminating"),
    kind: "missing",
  },
  "the core group knows no such kind": {
    verb: "get",
    code: 404,
    status: { reason: "NotFound", message: "the server could not find the requested resource", details: {} },
    kind: "missing",
  },
  "RBAC refuses": { verb: "create", code: 403, status: forbidden(RBAC), kind: "forbidden" },
  "a 403 that no API server wrote": { verb: "create", code: 403, kind: "forbidden" },
  "a quota is used up": { verb: "create", code: 403, status: forbidden(QUOTA), kind: "quota" },
  "a quota isn't counted yet": {
    verb: "create",
    code: 403,
    status: forbidden("is forbidden: status unknown for quota: runs, resources: count/pipelineruns.tekton.dev"),
    kind: "quota",
  },
  "the namespace is going": {
    verb: "create",
    code: 403,
    status: forbidden(`x is forbidden: ${TERMINATING}`),
    kind: "quota",
  },
  "the namespace is going, by cause": {
    verb: "create",
    code: 403,
    status: {
      reason: "Forbidden",
      details: { causes: [{ reason: "NamespaceTerminating", field: "metadata.namespace" }] },
    },
    kind: "quota",
  },
  "the server's admission isn't ready": {
    verb: "create",
    code: 403,
    status: forbidden("is forbidden: not yet ready to handle request"),
    kind: "unknown",
  },
  "the name is taken": { verb: "create", code: 409, status: { reason: "AlreadyExists" }, kind: "exists" },
  "another resourceVersion": { verb: "update", code: 409, status: { reason: "Conflict" }, kind: "conflict" },
  "a precondition of a delete failed": { verb: "delete", code: 409, status: { reason: "Conflict" }, kind: "conflict" },
  "a quota's bookkeeping clashed": { verb: "create", code: 409, status: { reason: "Conflict" }, kind: "conflict" },
  "the continue token is too old": { verb: "list", code: 410, status: { reason: "Expired" }, kind: "expired" },
  "a test of a JSON patch failed": {
    verb: "patch",
    code: 422,
    status: {
      reason: "Invalid",
      message: "the server rejected our request due to an error in our request",
      details: {},
    },
    kind: "conflict",
  },
  "a webhook denies a patch": {
    verb: "patch",
    code: 422,
    status: { reason: "Invalid", message: 'admission webhook "w" denied the request: no', details: {} },
    kind: "rejected",
  },
  "a JSON patch was none": {
    verb: "patch",
    code: 400,
    status: { reason: "BadRequest", message: "error decoding patch: unexpected end of JSON input" },
    kind: "rejected",
  },
  "a continue token that was never given": {
    verb: "list",
    code: 400,
    status: { reason: "BadRequest", message: "invalid continue token" },
    kind: "rejected",
  },
  "another uid": {
    verb: "patch",
    code: 422,
    status: { reason: "Invalid", details: { kind: "PipelineRun", name: "run", causes: [UID_FIELD] } },
    kind: "conflict",
  },
  "a patch makes the object invalid": {
    verb: "patch",
    code: 422,
    status: { reason: "Invalid", details: { name: "run", causes: [{ reason: "FieldValueInvalid", field: "spec" }] } },
    kind: "rejected",
  },
  "the created object is invalid": { verb: "create", code: 422, status: { reason: "Invalid" }, kind: "rejected" },
  "a created object with a wrong uid stays rejected": {
    verb: "create",
    code: 422,
    status: { reason: "Invalid", details: { causes: [UID_FIELD] } },
    kind: "rejected",
  },
  "Tekton's webhook refuses": {
    verb: "create",
    code: 400,
    status: badRequest("validation failed: expected exactly one, got neither: spec.pipelineRef, spec.pipelineSpec"),
    kind: "rejected",
  },
  "Tekton says that the run is over": {
    verb: "patch",
    code: 400,
    status: badRequest("invalid value: Once the PipelineRun is complete, no updates are allowed"),
    kind: "conflict",
  },
  "Tekton says that the run has started": {
    verb: "patch",
    code: 400,
    status: badRequest("invalid value: Once the PipelineRun has started, only status updates are allowed"),
    kind: "conflict",
  },
  "an unknown field": {
    verb: "create",
    code: 400,
    status: { reason: "BadRequest", message: 'strict decoding error: unknown field "spec.x"' },
    kind: "rejected",
  },
  "a 400 that no API server wrote": { verb: "create", code: 400, kind: "unknown" },
  "the request is too large": {
    verb: "create",
    code: 413,
    status: { reason: "RequestEntityTooLarge" },
    kind: "rejected",
  },
  "too large for etcd": {
    verb: "create",
    code: 500,
    status: { message: "etcdserver: request is too large" },
    kind: "rejected",
  },
  "too large for the way to etcd": {
    verb: "update",
    code: 500,
    status: { message: "rpc error: code = ResourceExhausted desc = trying to send message larger than max (3 vs. 2)" },
    kind: "rejected",
  },
  "reading was too large for the way from etcd": {
    verb: "list",
    code: 500,
    status: { message: "rpc error: code = ResourceExhausted desc = trying to send message larger than max (3 vs. 2)" },
    kind: "unknown",
  },
  "a webhook is down": {
    verb: "create",
    code: 500,
    status: { reason: "InternalError", message: "Internal error occurred: failed calling webhook: connection refused" },
    kind: "unknown",
  },
  "a webhook's server says too large": {
    verb: "create",
    code: 500,
    status: { reason: "InternalError", message: "failed calling webhook: http: request is too large" },
    kind: "unknown",
  },
  "too many requests": { verb: "create", code: 429, status: { reason: "TooManyRequests" }, kind: "unknown" },
  "our credentials are refused": { verb: "create", code: 401, status: { reason: "Unauthorized" }, kind: "unknown" },
  "the server is starting": { verb: "create", code: 503, kind: "unknown" },
  "the server ran out of time": { verb: "create", code: 504, status: { reason: "Timeout" }, kind: "unknown" },
  "a redirect": { verb: "get", code: 302, kind: "unknown" },
};

void describe("an answer that is not a success", () => {
  for (const [sentence, { verb, code, status, kind }] of Object.entries(cases)) {
    it(`${sentence}: ${String(code)} on ${verb} is ${kind}`, () => {
      const facts = classifyAnswer(target(verb), { code, ...(status === undefined ? {} : { status }) });
      assert.equal(facts.kind, kind);
      assert.equal(facts.code, code);
      assert.equal(facts.reason, status?.reason);
    });
  }

  it("carries the time to wait", () => {
    const facts = classifyAnswer(target("get"), { code: 429, retryAfterMs: 3000 });
    assert.deepEqual(facts, { kind: "unknown", code: 429, retryAfterMs: 3000 });
  });

  it("of a subresource names the object all the same", () => {
    const written = { ...target("update"), resource: "pipelineruns/status" };
    assert.equal(classifyAnswer(written, { code: 404, status: gone("pipelineruns", "run") }).kind, "notFound");
  });

  it("to a list or watch with 404 means that the kind is missing", () => {
    const all: RequestTarget = { verb: "list", resource: "pipelineruns" };
    assert.equal(classifyAnswer(all, { code: 404, status: { reason: "NotFound" } }).kind, "missing");
  });
});

function target(verb: Verb): RequestTarget {
  const collection = { verb, resource: "pipelineruns", namespace: "ns" };
  return verb === "list" || verb === "watch" ? collection : { ...collection, name: "run" };
}

function gone(kind: string, name: string): KubeStatus {
  return { reason: "NotFound", details: { name, kind } };
}

function forbidden(message: string): KubeStatus {
  return { reason: "Forbidden", message };
}

function badRequest(message: string): KubeStatus {
  const said = `admission webhook "validation.webhook.pipeline.tekton.dev" denied the request: ${message}`;
  return { reason: "BadRequest", message: said };
}
