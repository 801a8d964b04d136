import { basename } from "node:path";
import type { Cluster } from "../../cluster/cluster.ts";
import { packBundle } from "../../../pkg/bundle/pack.ts";
import { pushImage } from "../../../pkg/bundle/push.ts";
import { readBundleFolder } from "../../../pkg/bundle/read-folder.ts";
import { parsePushTarget } from "../../../pkg/bundle/reference.ts";

/** Pushes a bundle's folder to the cluster's registry, its steps on the cluster's images. Gives `repo@sha256:…`. */
export async function pushBundle(cluster: Cluster, folder: string): Promise<string> {
  const { registry, images } = cluster;
  if (registry === undefined || images === undefined) throw new Error(`a ${cluster.profile} cluster has no registry`);
  const bundle = packBundle(await readBundleFolder(folder), new Map(Object.entries(images)));
  return pushImage(
    bundle.image,
    parsePushTarget(`${registry}/workflows/${basename(folder)}:1.0.0`),
    { plainHttp: true },
    () => undefined,
  );
}
