/** Docker Hub's API is not where its name is. */
const apiHosts: ReadonlyMap<string, string> = new Map([["docker.io", "registry-1.docker.io"]]);

/** The host and port that answer for a registry. */
export function apiHostOf(registry: string): string {
  return apiHosts.get(registry) ?? registry;
}

/** The names under which people log in to a registry. */
export function loginNamesOf(registry: string): readonly string[] {
  return registry === "docker.io" ? ["docker.io", "index.docker.io", "registry-1.docker.io"] : [registry];
}

/** Whether the address never leaves this machine. */
export function isLoopback(registry: string): boolean {
  const host = hostOf(registry);
  return host === "localhost" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host);
}

/**
 * The schemes to try, in this order. Like Tekton's resolver (go-containerregistry, pkg/name/registry.go): plain http
 * only as a second try, and only for this machine, `.local` names and private addresses.
 */
export function schemesFor(registry: string, plainHttp: boolean): readonly ("https" | "http")[] {
  if (plainHttp) return ["http"];
  const host = hostOf(registry);
  const near = isLoopback(registry) || host.endsWith(".local") || isPrivateAddress(host);
  return near ? ["https", "http"] : ["https"];
}

/** RFC 1918. */
function isPrivateAddress(host: string): boolean {
  return /^(10\.\d{1,3}|172\.(1[6-9]|2\d|3[01])|192\.168)(\.\d{1,3}){2}$/.test(host);
}

function hostOf(registry: string): string {
  return registry.replace(/:\d+$/, "").toLowerCase();
}
