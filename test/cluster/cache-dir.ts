import { homedir } from "node:os";
import { join } from "node:path";

/**
 * What is worth keeping between clusters: compiled programs, images, busybox. Everything below is named by a hash of
 * what it was made from, so it may be deleted at any time and is never out of date.
 */
export function cacheDir(): string {
  const base = process.env["XDG_CACHE_HOME"] ?? "";
  return join(base === "" ? join(homedir(), ".cache") : base, "workflow-execution", "cluster");
}
