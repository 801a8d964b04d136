import { Histogram, type Registry } from "prom-client";

interface SecondsOptions<L extends string> {
  readonly registry: Registry;
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly L[];
  /** Upper bounds in seconds; the target of the metric should be one of them. */
  readonly buckets: readonly number[];
}

/**
 * A histogram of seconds. Gives the function that records one value: it never throws, because a measurement must not
 * break what it measures. A duration below 0 (two clocks) counts as 0, one that is no number is dropped.
 */
export function registerSeconds<L extends string>(
  options: SecondsOptions<L>,
): (labels: Readonly<Record<L, string>>, seconds: number) => void {
  const { registry, name, help, labelNames, buckets } = options;
  const histogram = new Histogram({
    name,
    help,
    labelNames: [...labelNames],
    buckets: [...buckets],
    registers: [registry],
  });
  return (labels, seconds) => {
    if (Number.isFinite(seconds)) histogram.observe(labels, Math.max(0, seconds));
  };
}
