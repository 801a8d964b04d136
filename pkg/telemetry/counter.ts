import { Counter, type Registry } from "prom-client";

export interface CounterSettings<V extends string> {
  readonly registry: Registry;
  readonly name: string;
  readonly help: string;
  readonly label: string;
  /** All values that the label can have. */
  readonly values: readonly V[];
}

/** A counter with one label of a closed set of values, each of which starts at 0, so that a rate sees the first one. */
export function registerCounter<V extends string>(settings: CounterSettings<V>): (value: V, count?: number) => void {
  const { registry, name, help, label, values } = settings;
  const counter = new Counter<string>({ name, help, labelNames: [label], registers: [registry] });
  for (const value of values) counter.inc({ [label]: value }, 0);
  return (value, count = 1) => {
    counter.inc({ [label]: value }, count);
  };
}
