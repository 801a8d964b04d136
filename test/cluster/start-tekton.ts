import { createObject } from "./api-server.ts";
import type { ApiServer, KubernetesObject } from "./api-server.ts";
import { startAndWait } from "./processes.ts";
import { timed } from "./progress.ts";
import type { Progress } from "./progress.ts";
import { controllerSpec, resolversSpec, webhookSpec } from "./tekton.ts";
import type { Tekton } from "./tekton.ts";
import { settleAll, waitFor } from "./wait.ts";

const admissionDeadlineMs = 60_000;

/** Creates Tekton's objects. Namespaces come first, and the rest in any order. */
export async function createTektonObjects(
  api: ApiServer,
  objects: readonly KubernetesObject[],
  progress: Progress,
): Promise<void> {
  await timed(progress, "objects of Tekton", async () => {
    const namespaces = objects.filter(({ kind }) => kind === "Namespace");
    const rest = objects.filter(({ kind }) => kind !== "Namespace");
    await settleAll(namespaces.map((object) => createObject(api, object)));
    await settleAll(rest.map((object) => createObject(api, object)));
  });
}

/** Starts Tekton's controller, resolvers and webhook, and waits until a PipelineRun would be accepted. */
export async function startTekton(tekton: Tekton, api: ApiServer, progress: Progress): Promise<void> {
  const { layout } = tekton;
  await timed(progress, "Tekton's controller, resolvers and webhook", async () => {
    await settleAll([
      startAndWait(layout, controllerSpec(tekton)),
      startAndWait(layout, resolversSpec(tekton)),
      startAndWait(layout, webhookSpec(tekton)),
    ]);
    await waitFor("Tekton's admission", admissionDeadlineMs, () => admits(api));
    await waitFor("Tekton's conversion", admissionDeadlineMs, () => converts(api));
  });
}

/** The webhook has set up its certificate once it has filled in what it leaves out: the default timeout. */
async function admits(api: ApiServer): Promise<boolean> {
  const run = {
    apiVersion: "tekton.dev/v1",
    kind: "PipelineRun",
    metadata: { name: "probe", namespace: "default" },
    spec: { pipelineSpec: { tasks: [{ name: "probe", taskSpec: { steps: [{ name: "probe", image: "probe" }] } }] } },
  };
  const path = "/apis/tekton.dev/v1/namespaces/default/pipelineruns?dryRun=All";
  const { status, body } = await api.send("POST", path, run);
  return status === 201 && (body as { spec: { timeouts?: unknown } }).spec.timeouts !== undefined;
}

/** Every CRD with a conversion has the webhook's certificate. */
async function converts(api: ApiServer): Promise<boolean> {
  const { status, body } = await api.send("GET", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions");
  return status === 200 && (body as { items: readonly Crd[] }).items.every(hasCertificate);
}

interface Crd {
  readonly spec: {
    readonly conversion?: { readonly webhook?: { readonly clientConfig: { readonly caBundle?: string } } };
  };
}

function hasCertificate({ spec: { conversion } }: Crd): boolean {
  return conversion?.webhook === undefined || conversion.webhook.clientConfig.caBundle !== undefined;
}
