import { existsSync } from "node:fs";
import { readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { parseAllDocuments } from "yaml";
import type { Toolbox } from "./build.ts";
import { moduleDir } from "./go-module.ts";
import type { KubernetesObject } from "./api-server.ts";
import { mustRun } from "./run-command.ts";

/** The objects of each file below Tekton's config/. */
export type TektonFiles = Readonly<Record<string, readonly KubernetesObject[]>>;

const tektonModule = "github.com/tektoncd/pipeline";

/** What a cluster gets: everything but the Deployments, whose programs run as processes. */
const wanted = [
  /^100-namespace\//,
  /^resolvers\/100-/,
  /^300-crds\//,
  /^(resolvers\/)?20[01]-/,
  /^config-.*\.yaml$/,
  /^resolvers\/.*config/,
  /^clusterrole-/,
  /^500-webhooks\.yaml$/,
];

/** Reads what Tekton ships. Kept as JSON beside its programs, because reading 1.4 MB of YAML takes a second. */
export async function readTektonFiles(toolbox: Toolbox): Promise<TektonFiles> {
  const kept = join(toolbox.binOf("tekton"), "..", "config.json");
  if (!existsSync(kept)) {
    const draft = `${kept}.${String(process.pid)}`;
    await writeFile(draft, JSON.stringify(await parseShipped()));
    await rename(draft, kept);
  }
  return JSON.parse(await readFile(kept, "utf8")) as TektonFiles;
}

async function parseShipped(): Promise<TektonFiles> {
  const module = await mustRun("go", ["list", "-C", moduleDir("tekton"), "-m", "-f", "{{.Dir}}", tektonModule]);
  const root = join(module.trim(), "config");
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter(({ name }) => name.endsWith(".yaml"))
    .map(({ parentPath, name }) => join(parentPath, name));
  const files = paths.sort().map(async (path) => {
    const documents = parseAllDocuments(await readFile(path, "utf8"));
    const objects = documents.map((document) => document.toJS() as KubernetesObject | null);
    return [relative(root, path), objects.filter((object) => object !== null)] as const;
  });
  return Object.fromEntries(await Promise.all(files));
}

/**
 * The objects to create, in order. Tekton's webhook runs outside the cluster, so its Service becomes a name for this
 * host, and every reference to it gets the port on which it listens, those in the CRDs' conversions too: without them,
 * reading v1beta1 fails.
 */
export function selectTektonObjects(files: TektonFiles, webhookPort: number): readonly KubernetesObject[] {
  const shipped = wanted.flatMap((pattern) =>
    Object.entries(files).flatMap(([path, objects]) => (pattern.test(path) ? objects : [])),
  );
  return [...shipped.map((object) => withWebhookPort(object, webhookPort) as KubernetesObject), webhookService];
}

const webhookService: KubernetesObject = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "tekton-pipelines-webhook", namespace: "tekton-pipelines" },
  spec: { type: "ExternalName", externalName: "localhost" },
};

function withWebhookPort(value: unknown, port: number): unknown {
  if (Array.isArray(value)) return value.map((item) => withWebhookPort(item, port));
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, withWebhookPort(item, port)] as const);
  const result: Record<string, unknown> = Object.fromEntries(entries);
  const config = result["clientConfig"];
  if (isObject(config) && isObject(config["service"])) {
    result["clientConfig"] = { ...config, service: { ...config["service"], port } };
  }
  return result;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
