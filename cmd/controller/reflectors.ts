import { LABEL_EXECUTION_UID } from "../../pkg/api/labels.ts";
import type { KubernetesObject } from "../../pkg/api/meta.ts";
import { resourceTypes } from "../../pkg/kube/cluster-api.ts";
import { createListWatch, type Selection } from "../../pkg/kube/list-watch.ts";
import { podWarnings } from "../../pkg/kube/pod-warnings.ts";
import { createReflector, type Reflector, type ReflectorOptions } from "../../pkg/runtime/reflector.ts";
import type { StoreFeed } from "../../pkg/runtime/store.ts";
import { realTimers } from "../../pkg/runtime/timers.ts";
import { inTime } from "./in-time.ts";
import type { Parts } from "./parts.ts";

export interface Reflectors {
  /** True once every store is complete; false where the controller was stopped before. */
  readonly synced: Promise<boolean>;
  /** Names of the resources that are not complete yet. */
  readonly missing: () => readonly string[];
  readonly ended: Promise<unknown>;
}

type ResourceName = keyof typeof resourceTypes;

/**
 * Watches every kind that decisions depend on, and then the warnings about pods. Runs and their children: only ours, by
 * label, in one namespace.
 */
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
  const stored = Promise.all(all.map(([, reflector]) => reflector.synced)).then((every) => every.every(Boolean));
  const warnings = watchPodWarnings(parts, stored, stopped);
  return {
    synced: stored.then((isStored) => isStored && warnings.listed),
    missing: () => all.filter(([, reflector]) => !reflector.isSynced()).map(([name]) => resourceTypes[name].plural),
    ended: Promise.all([ended, warnings.ended]),
  };
}

/** Warnings help to explain a failure, nothing more: work doesn't wait longer for them. */
const WARNINGS_PATIENCE_MS = 10_000;

interface Warnings {
  /** Whether to begin: when they are listed, or not in time. False where the controller was stopped before. */
  readonly listed: Promise<boolean>;
  readonly ended: Promise<void>;
}

/** After everything else, so that whose pod a warning is about is known at once. */
function watchPodWarnings(parts: Parts, stored: Promise<boolean>, stopped: AbortSignal): Warnings {
  const { connection, config, stores, logger } = parts;
  const source = podWarnings(connection, config.executionNamespace);
  const reflector = createReflector({ source, store: stores.podEvents, ...common(parts, "events") });
  return {
    listed: stored.then(() => inTime(reflector.synced, { timers: realTimers, ms: WARNINGS_PATIENCE_MS, onLate })),
    ended: stored.then(() => reflector.run(stopped)),
  };

  function onLate(): void {
    logger.warn("warnings about pods can't be listed: until they can, failures are explained with less evidence");
  }
}

function reflect<T extends KubernetesObject>(
  parts: Parts,
  name: ResourceName,
  store: StoreFeed<T, T>,
  selection: Selection,
): Reflector {
  const type = resourceTypes[name];
  const source = createListWatch<T>(parts.connection, type, selection);
  return createReflector({ source, store, ...common(parts, type.plural) });
}

/** What all reflectors have in common: they are counted and logged by their resource. */
function common(
  { metrics, logger }: Parts,
  resource: string,
): Pick<ReflectorOptions<unknown, unknown>, "timers" | "random" | "hooks"> {
  const counted = metrics.runtime.watchHooks(resource);
  return {
    timers: realTimers,
    random: Math.random,
    hooks: {
      onRestart: (reason, err) => {
        counted.onRestart(reason);
        if (err !== undefined) logger.warn({ resource, reason, err }, "a watch began again");
      },
    },
  };
}
