import type { ConfigMap } from "../api/core.ts";
import type { CheckpointStore } from "../controller/ports.ts";
import { ApiError } from "../runtime/api-error.ts";
import type { Connection } from "./connection.ts";
import { createResource } from "./resource.ts";
import type { ResourceType } from "./resource-path.ts";

/** It comes with the installation: with a right to create, any other ConfigMap could be made too. */
const NAME = "workflow-execution-audit-checkpoint";

const CONFIG_MAPS: ResourceType = {
  group: "",
  version: "v1",
  plural: "configmaps",
  kind: "ConfigMap",
  namespaced: true,
};

/** The checkpoints in the ConfigMap of config/rbac/audit-checkpoint.yaml, in the namespace of the controller. */
export function createCheckpointStore(connection: Connection, namespace: string): CheckpointStore {
  const configMaps = createResource<ConfigMap>(connection, CONFIG_MAPS);
  return {
    async read() {
      const found = await configMaps.get({ namespace, name: NAME });
      if (found !== undefined) return found;
      throw new Error(`ConfigMap ${namespace}/${NAME} isn't there: apply config/rbac/audit-checkpoint.yaml`);
    },
    async write(read, data) {
      try {
        await configMaps.replace({ ...read, data });
        return true;
      } catch (error) {
        if (error instanceof ApiError && error.facts.kind === "conflict") return false;
        throw error;
      }
    },
  };
}
