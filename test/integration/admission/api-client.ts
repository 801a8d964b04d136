import { readFile } from "node:fs/promises";
import { Agent, request } from "node:https";
import { parse } from "yaml";

const requestTimeoutMs = 30_000;

/** What the API server said. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** The API server as the tests of its rules need it: any request, also a wrong one, and the answer as it is. */
export interface ApiClient {
  readonly send: (method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE", path: string, body?: unknown) => Promise<Answer>;
  /** The same as another user, whom the API server then knows by this name and UID; a service account's name brings its groups. */
  readonly as: (user: string, uid?: string) => ApiClient["send"];
  readonly close: () => void;
}

interface Kubeconfig {
  readonly clusters: readonly { readonly cluster: Record<"server" | "certificate-authority-data", string> }[];
  readonly users: readonly { readonly user: Record<"client-certificate-data" | "client-key-data", string> }[];
}

/** Connects as the administrator of a kubeconfig with inline certificates. PATCH is a JSON merge patch. */
export async function connect(kubeconfigPath: string): Promise<ApiClient> {
  const { clusters, users } = parse(await readFile(kubeconfigPath, "utf8")) as Kubeconfig;
  const cluster = clusters[0]?.cluster;
  const user = users[0]?.user;
  if (cluster === undefined || user === undefined) throw new Error(`${kubeconfigPath} names no cluster or no user`);
  const { server } = cluster;
  const agent = new Agent({
    keepAlive: true,
    ca: Buffer.from(cluster["certificate-authority-data"], "base64"),
    cert: Buffer.from(user["client-certificate-data"], "base64"),
    key: Buffer.from(user["client-key-data"], "base64"),
  });
  function sendAs(headers: Call["headers"]): ApiClient["send"] {
    return (method, path, body) => send({ agent, headers, method, url: new URL(path, server) }, body);
  }
  return {
    send: sendAs({}),
    as: (user, uid) => sendAs({ "impersonate-user": user, ...(uid === undefined ? {} : { "impersonate-uid": uid }) }),
    close: () => {
      agent.destroy();
    },
  };
}

interface Call {
  readonly agent: Agent;
  readonly headers: Readonly<Record<string, string>>;
  readonly method: string;
  readonly url: URL;
}

function send({ agent, headers, method, url }: Call, body: unknown): Promise<Answer> {
  const content = body === undefined ? "" : JSON.stringify(body);
  const type = method === "PATCH" ? "application/merge-patch+json" : "application/json";
  // Node sends a DELETE's body without its length, unless told: the server then takes it for the next request.
  const length = Buffer.byteLength(content);
  return new Promise((resolve, reject) => {
    const options = {
      agent,
      method,
      headers: { ...headers, "content-type": type, "content-length": length },
      timeout: requestTimeoutMs,
    };
    const sent = request(url, options);
    sent.on("response", (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      response.on("end", () => {
        resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) as unknown });
      });
    });
    sent.on("timeout", () =>
      sent.destroy(new Error(`${method} ${url.pathname}: no answer within ${String(requestTimeoutMs)} ms`)),
    );
    sent.on("error", reject);
    sent.end(content);
  });
}
