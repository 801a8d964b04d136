/** Where the workflows of the fault matrix come from: good bundles in the cluster's registry, and all that isn't one. */
import { ociImageOf, type OciImage } from "../../../pkg/bundle/oci-image.ts";
import { packBundle } from "../../../pkg/bundle/pack.ts";
import { pushImage } from "../../../pkg/bundle/push.ts";
import { parsePushTarget } from "../../../pkg/bundle/reference.ts";
import type { Cluster } from "../../cluster/cluster.ts";
import { pipelineObject, withPauses, type Workflow } from "./workflow.ts";

/** What there is besides the cluster. */
export interface World {
  readonly cluster: Cluster;
  /** host:port of a registry that refuses everybody. */
  readonly refusingRegistry: string;
}

export interface BundleWish {
  /** Of the repository. */
  readonly name: string;
  /** A pause at the beginning of every step. */
  readonly pauseSeconds: number;
}

/** Makes a bundle, or something in its place. Gives the reference for the execution. */
export type BundleSource = (world: World, wish: BundleWish) => Promise<string>;

/** A digest that no image has. */
export const NO_SUCH_DIGEST = `sha256:${"0".repeat(64)}`;

/** A bundle with this workflow, packed and pushed by the product's own code. */
export function bundled(workflow: Workflow | ((world: World) => Workflow)): BundleSource {
  return (world, { name, pauseSeconds }) => {
    const plain = typeof workflow === "function" ? workflow(world) : workflow;
    const paused = pauseSeconds > 0 ? withPauses(plain, pauseSeconds) : plain;
    const file = { name: "pipeline.json", text: JSON.stringify(pipelineObject("workflow", paused)) };
    const images = new Map(Object.entries(world.cluster.images ?? {}));
    return push(world, name, packBundle([file], images).image);
  };
}

/** A good bundle, but for the name of its pipeline. */
export function misnamed(workflow: Workflow): BundleSource {
  const annotations = {
    "dev.tekton.image.apiVersion": "v1",
    "dev.tekton.image.kind": "pipeline",
    "dev.tekton.image.name": "restart",
  };
  const content = Buffer.from(JSON.stringify(pipelineObject("restart", workflow)));
  return (world, { name }) => push(world, name, ociImageOf([{ name: "restart", content, annotations }]));
}

/** The reference as it is. */
export function reference(make: (world: World) => string): BundleSource {
  return (world) => Promise.resolve(make(world));
}

/** The bundle's repository, with the digest of another. */
export function wrongDigest(source: BundleSource): BundleSource {
  return async (world, wish) => `${(await source(world, wish)).split("@")[0] ?? ""}@${NO_SUCH_DIGEST}`;
}

function push({ cluster }: World, name: string, image: OciImage): Promise<string> {
  const target = parsePushTarget(`${cluster.registry ?? ""}/faults/${name}:1.0.0`);
  return pushImage(image, target, { plainHttp: true });
}
