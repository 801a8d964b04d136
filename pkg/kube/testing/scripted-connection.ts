import type { TestContext } from "node:test";
import { type Connection, type ConnectionOptions, createConnection } from "../connection.ts";
import { type Call, type Reply, type ScriptedApiServer, startScriptedApiServer } from "./scripted-api-server.ts";

export interface ScriptedConnection {
  readonly server: ScriptedApiServer;
  readonly connection: Connection;
}

/** A connection to a scripted API server; both are closed after the test. */
export async function connectScripted(
  t: TestContext,
  answer: (call: Call) => Reply,
  options: Partial<ConnectionOptions> = {},
): Promise<ScriptedConnection> {
  const server = await startScriptedApiServer(answer);
  const defaults = { kubeconfig: server.kubeconfig, timeoutMs: 10_000, rate: { qps: 10_000, burst: 10_000 } };
  const connection = createConnection({ ...defaults, ...options });
  t.after(async () => {
    await connection.close();
    await server.close();
  });
  return { server, connection };
}
