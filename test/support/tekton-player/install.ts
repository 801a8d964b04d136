import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import type { KubernetesObject } from "../../cluster/api-server.ts";
import { findToolbox } from "../../cluster/build.ts";
import type { Cluster } from "../../cluster/cluster.ts";
import { moduleDir } from "../../cluster/go-module.ts";
import { mustRun } from "../../cluster/run-command.ts";
import { readTektonFiles } from "../../cluster/tekton-objects.ts";
import { mustKubectl, untilEstablished } from "../platform/manifests.ts";
import { NODE } from "./objects.ts";

const WANTED = new Set(["pipelineruns.tekton.dev", "taskruns.tekton.dev", "customruns.tekton.dev"]);

/**
 * Gives a control plane what the player and the controller need of Tekton: its own CRDs of runs, as shipped but for the
 * webhook that converts between versions, which doesn't run here; and the node that the player's pods are on.
 */
export async function installTektonCrds(cluster: Cluster): Promise<void> {
  const crds = (await readCrds()).map(withoutConversion);
  const node = { apiVersion: "v1", kind: "Node", metadata: { name: NODE } };
  const list = { apiVersion: "v1", kind: "List", items: [...crds, node] };
  await mustKubectl(cluster, ["apply", "--server-side", "-f", "-"], JSON.stringify(list));
  await untilEstablished(
    cluster,
    [...WANTED].map((name) => `crd/${name}`),
  );
}

async function readCrds(): Promise<readonly KubernetesObject[]> {
  const toolbox = await findToolbox();
  // The profile control-plane compiles nothing of Tekton: its module may not even be here yet.
  await mkdir(dirname(toolbox.binOf("tekton")), { recursive: true });
  await mustRun("go", ["-C", moduleDir("tekton"), "mod", "download", "github.com/tektoncd/pipeline"]);
  const files = await readTektonFiles(toolbox);
  return Object.values(files)
    .flat()
    .filter(({ kind, metadata }) => kind === "CustomResourceDefinition" && WANTED.has(metadata.name));
}

function withoutConversion(crd: KubernetesObject): KubernetesObject {
  const { conversion: _conversion, ...spec } = crd["spec"] as Readonly<Record<string, unknown>>;
  return { ...crd, spec };
}
