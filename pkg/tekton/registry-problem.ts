/** Why an image or a bundle could not be fetched. */
export type RegistryProblem = "denied" | "missing" | "unreachable";

/**
 * By the error codes of the OCI distribution specification where the registry gave one, else by the words of
 * go-containerregistry (Tekton's resolver) and containerd (the kubelet).
 */
const signs: readonly (readonly [RegistryProblem, RegExp])[] = [
  [
    "denied",
    /\b(?:UNAUTHORIZED|DENIED)\b|\b40[13] (?:Unauthorized|Forbidden)\b|status code 40[13]\b|access denied|insufficient_scope|no basic auth credentials/,
  ],
  [
    "missing",
    /\b(?:MANIFEST_UNKNOWN|NAME_UNKNOWN|BLOB_UNKNOWN|NAME_INVALID)\b|\b404 Not Found\b|status code 404\b|: not found|could not find object|invalid reference format/,
  ],
  [
    "unreachable",
    /\bTOOMANYREQUESTS\b|\b(?:429|5\d\d) [A-Z]|status code (?:429|5\d\d)\b|dial tcp|connection re(?:fused|set)|no such host|timeout|timed out|deadline exceeded|unexpected EOF/,
  ],
];

/** What a message says about a registry; undefined where it says nothing that is known. Never more than likely. */
export function registryProblem(message: string): RegistryProblem | undefined {
  return signs.find(([, sign]) => sign.test(message))?.[0];
}
