import { LABEL_EXECUTION_UID } from "../../pkg/api/labels.ts";
import type { KubernetesObject } from "../../pkg/api/meta.ts";
import { resourceTypes } from "../../pkg/kube/cluster-api.ts";
import { createListWatch, type Selection } from "../../pkg/kube/list-watch.ts";
import { createReflector, type Reflector } from "../../pkg/runtime/reflector.ts";
import type { StoreFeed } from "../../pkg/runtime/store.ts";
import { realTimers } from "../../pkg/runtime/timers.ts";
import type { Parts } from "./parts.ts";

export interface Reflectors {
  /** True once every store is complete; false where the controller was stopped before. */
  readonly synced: Promise<boolean>;
  /** Names of the resources that are not complete yet. */
  readonly missing: () => readonly string[];
  readonly ended: Promise<unknown>;
}

type ResourceName = keyof typeof resourceTypes;

/** Watches every kind that decisions depend on. Runs and their children: only ours, by label, in one namespace. */
export function startReflectors(parts: Parts, stopped: AbortSignal): Reflectors {
  const { stores } = parts;
  const ours = { namespace: parts.config.executionNamespace, labelSelector: LABEL_EXECUTION_UID };
  const all: readonly (readonly [ResourceName, Reflector])[] = [
    ["executions", reflect(parts, "executions", stores.executions, {})],
    ["locks", reflect(parts, "locks", stores.locks, {})],
    ["runs", reflect(parts, "runs", stores.runs, ours)],
    ["taskRuns", reflect(parts, "taskRuns", stores.taskRuns, ours)],
    ["customRuns", reflect(parts, "customRuns", stores.customRuns, ours)],
    ["pods", reflect(parts, "pods", stores.pods, ours)],
  ];
  const ended = Promise.all(all.map(([, reflector]) => reflector.run(stopped)));
  const synced = Promise.all(all.map(([, reflector]) => reflector.synced)).then((every) => every.every(Boolean));
  return {
    synced,
    missing: () => all.filter(([, reflector]) => !reflector.isSynced()).map(([name]) => resourceTypes[name].plural),
    ended,
  };
}

function reflect<T extends KubernetesObject>(
  { connection, metrics, logger }: Parts,
  name: ResourceName,
  store: StoreFeed<T, T>,
  selection: Selection,
): Reflector {
  const type = resourceTypes[name];
  const counted = metrics.runtime.watchHooks(type.plural);
  return createReflector({
    source: createListWatch<T>(connection, type, selection),
    store,
    timers: realTimers,
    random: Math.random,
    hooks: {
      onRestart: (reason, err) => {
        counted.onRestart(reason);
        if (err !== undefined) logger.warn({ resource: type.plural, reason, err }, "a watch began again");
      },
    },
  });
}
