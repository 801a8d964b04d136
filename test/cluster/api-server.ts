import { readFile } from "node:fs/promises";
import { request } from "node:https";
import { join } from "node:path";
import type { Layout } from "./layout.ts";

const requestTimeoutMs = 30_000;

/** The few questions that a start has for the API server, without the 100 ms that each kubectl takes to come up. */
export interface ApiServer {
  readonly url: string;
  /** Sends a request as administrator. Gives status 0 if there was no answer. */
  readonly send: (method: "GET" | "POST", path: string, body?: unknown) => Promise<ApiAnswer>;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** What all objects have. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly [field: string]: unknown;
}

/** Creates an object, or fails with the server's reason. */
export async function createObject(api: ApiServer, object: KubernetesObject): Promise<void> {
  const path = collectionOf(object);
  const answer = await api.send("POST", path, object);
  if (answer.status === 201) return;
  throw new Error(`POST ${path} (${object.metadata.name}): ${String(answer.status)} ${JSON.stringify(answer.body)}`);
}

/** The path of an object's collection. Holds for all kinds whose plural is regular, which are all that we create. */
export function collectionOf({ apiVersion, kind, metadata }: KubernetesObject): string {
  const api = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const namespace = metadata.namespace === undefined ? "" : `/namespaces/${metadata.namespace}`;
  return `${api}${namespace}/${kind.toLowerCase()}s`;
}

/** Uses the administrator's certificate of a cluster. */
export async function connectApiServer(layout: Layout, url: string): Promise<ApiServer> {
  const [ca, cert, key] = await Promise.all(
    ["ca.crt", "admin.crt", "admin.key"].map((file) => readFile(join(layout.pki, file))),
  );
  function send(method: string, path: string, body?: unknown): Promise<ApiAnswer> {
    return new Promise((resolve) => {
      const options = { method, ca, cert, key, agent: false, timeout: requestTimeoutMs } as const;
      const sent = request(new URL(path, url), { ...options, headers: { "content-type": "application/json" } });
      sent.on("response", (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
        response.on("close", () => {
          resolve({ status: response.statusCode ?? 0, body: parseJson(text) });
        });
      });
      sent.on("timeout", () => sent.destroy());
      sent.on("error", () => {
        resolve({ status: 0, body: undefined });
      });
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
  return { url, send };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
