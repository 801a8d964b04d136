/** One thing that keeps a folder from being a bundle. */
export interface Problem {
  readonly file: string;
  /** Counted from 1; 0 where the problem is the file as a whole. */
  readonly line: number;
  /** Where inside the object, such as `task "verify", step "main"`. */
  readonly where?: string;
  readonly message: string;
}

/** A folder that is not packed. Carries all of its problems at once, so that they can be mended in one go. */
export class BundleRefused extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(formatProblem).join("\n"));
    this.name = "BundleRefused";
    this.problems = problems;
  }
}

/** `pipeline.yaml:42: task "verify", step "main": message`, as editors and people can follow it. */
export function formatProblem(problem: Problem): string {
  const place = problem.line > 0 ? `${problem.file}:${String(problem.line)}` : problem.file;
  return [place, problem.where, problem.message].filter((part) => part !== undefined).join(": ");
}
