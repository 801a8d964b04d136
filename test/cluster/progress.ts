/** Receives one line about what is going on, without a line break. */
export type Progress = (line: string) => void;

/** Does a step, then reports how long it took. A step that fails is reported by its error alone. */
export async function timed<T>(progress: Progress, step: string, work: () => Promise<T>): Promise<T> {
  const began = Date.now();
  const result = await work();
  progress(`${step}: ${secondsSince(began)} s`);
  return result;
}

/** Whole tenths of seconds since a `Date.now()` value. */
export function secondsSince(began: number): string {
  return ((Date.now() - began) / 1000).toFixed(1);
}
