/**
 * The configuration can't be used. Carries every problem at once, one readable line each (where, what was found, what
 * is allowed), so that a person corrects them in one go. No line contains the value of a secret.
 */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    const count = problems.length === 1 ? "1 error" : `${String(problems.length)} errors`;
    super([`the configuration has ${count}:`, ...problems].join("\n  "));
    this.name = "ConfigError";
    this.problems = problems;
  }
}
