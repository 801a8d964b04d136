/** The API server's words for a request that RBAC refused (k8s.io/apiserver, responsewriters.Forbidden). */
const DENIAL = /\bis forbidden: User "[^"]*" cannot \w+ /;
/** What kubectl makes of a 403. */
const KUBECTL = "Error from server (Forbidden)";

/** Whether a text shows that the API server refused a request for lack of rights. */
export function isDenied(text: string): boolean {
  return DENIAL.test(text) || text.includes(KUBECTL);
}

/** The last line of a log that shows such a refusal. */
export function denialIn(log: string): string | undefined {
  return log.split("\n").findLast(isDenied)?.trim();
}
