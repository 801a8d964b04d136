/** The API server's words for a request that RBAC refused (k8s.io/apiserver, responsewriters.Forbidden). */
const DENIAL = /\bis forbidden: User \\?"[^"]*" cannot \w+ /;
/** What kubectl makes of a 403. */
const KUBECTL = "Error from server (Forbidden)";
/** An admission webhook or policy that refused an object (k8s.io/apiserver, admission plugins). */
const ADMISSION =
  /\badmission webhook "[^"]+" denied the request\b|\bValidatingAdmissionPolicy '[^']+' .*denied request\b/;

/** Whether a text shows that the API server refused a request for lack of rights. */
export function isDenied(text: string): boolean {
  return DENIAL.test(text) || text.includes(KUBECTL);
}

/** Whether a text shows that admission refused an object. */
export function isAdmissionRefusal(text: string): boolean {
  return ADMISSION.test(text);
}

/** The last line of a log that shows a refusal for lack of rights. */
export function denialIn(log: string): string | undefined {
  return log.split("\n").findLast(isDenied)?.trim();
}
