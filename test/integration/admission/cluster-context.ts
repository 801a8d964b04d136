import { after, before } from "node:test";
import { startCluster } from "../../cluster/start.ts";
import type { Cluster } from "../../cluster/cluster.ts";
import type { CommandResult } from "../../cluster/run-command.ts";
import { installProduct } from "../../support/platform/manifests.ts";
import { connect, type Answer, type ApiClient } from "./api-client.ts";

/** A real API server with what the product installs (CRDs, rights, policies), for all suites of one test file. */
export interface ClusterContext {
  /** Sends a request as administrator. */
  readonly send: ApiClient["send"];
  /** Sends requests as somebody else. */
  readonly as: ApiClient["as"];
  /** kubectl's standard output. Rejects where it fails. */
  readonly kubectl: (args: readonly string[], input?: string) => Promise<string>;
}

/** Starts the API server before the tests of the file and stops it after them. */
export function useCluster(): ClusterContext {
  let cluster: Cluster;
  let api: ApiClient;
  before(async () => {
    cluster = await startCluster({ profile: "control-plane" });
    api = await connect(cluster.kubeconfig);
    await installProduct(cluster);
  });
  after(async () => {
    api.close();
    await cluster.stop();
  });

  async function kubectl(args: readonly string[], input?: string): Promise<string> {
    return successOf(args, await cluster.kubectl(args, input === undefined ? {} : { input }));
  }
  function send(...request: Parameters<ApiClient["send"]>): Promise<Answer> {
    return api.send(...request);
  }
  return {
    send,
    as:
      (...user) =>
      (...request) =>
        api.as(...user)(...request),
    kubectl,
  };
}

function successOf(args: readonly string[], { code, stdout, stderr }: CommandResult): string {
  if (code !== 0) throw new Error(`kubectl ${args.join(" ")} ended with ${String(code)}: ${stderr}`);
  return stdout;
}
