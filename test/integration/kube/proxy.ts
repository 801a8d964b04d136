import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { parse, stringify } from "yaml";

/** A CONNECT proxy for one test. */
export interface Proxy {
  /** Path of a kubeconfig that goes through it. */
  readonly kubeconfig: string;
  /** host:port of each tunnel that was asked for. */
  readonly asked: readonly string[];
}

/** Starts a proxy, and writes that kubeconfig with it as proxy-url. */
export async function startProxy(t: TestContext, kubeconfig: string): Promise<Proxy> {
  const asked: string[] = [];
  const server = createServer();
  server.on("connect", (request, client) => {
    const address = request.url ?? "";
    asked.push(address);
    const [host = "", port = ""] = address.split(":");
    const upstream = connect(Number(port), host, () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      upstream.pipe(client).pipe(upstream);
    });
    client.on("error", () => upstream.destroy());
    upstream.on("error", () => client.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const folder = await mkdtemp(join(tmpdir(), "kube-proxy-"));
  t.after(async () => {
    server.close();
    await rm(folder, { recursive: true });
  });
  const path = join(folder, "kubeconfig");
  await writeFile(path, withProxy(await readFile(kubeconfig, "utf8"), (server.address() as AddressInfo).port));
  return { kubeconfig: path, asked };
}

interface Kubeconfig {
  readonly clusters: readonly { readonly name: string; readonly cluster: Readonly<Record<string, unknown>> }[];
}

function withProxy(text: string, port: number): string {
  const config = parse(text) as Kubeconfig;
  const proxy = { "proxy-url": `http://127.0.0.1:${String(port)}` };
  const clusters = config.clusters.map(({ name, cluster }) => ({ name, cluster: { ...cluster, ...proxy } }));
  return stringify({ ...config, clusters });
}
