/** Says one line to the person in front of the terminal. */
export function say(line = ""): void {
  process.stdout.write(`${line}\n`);
}

/** Does one step, says what it is before and how long it took afterwards. */
export async function step<T>(what: string, work: (progress: (line: string) => void) => Promise<T>): Promise<T> {
  const began = performance.now();
  say(`==> ${what}`);
  const result = await work((line) => {
    say(`    ${line}`);
  });
  say(`    done in ${((performance.now() - began) / 1000).toFixed(1)} s`);
  return result;
}
