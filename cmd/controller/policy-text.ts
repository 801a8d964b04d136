import { canonicalJson, type JsonValue } from "../../pkg/audit/canonical-json.ts";
import type { Config } from "../../pkg/config/config.ts";
import type { Environment } from "../../pkg/config/environment.ts";

/**
 * The configuration in force as canonical JSON: every setting with its value, also those that the file leaves out, in
 * milliseconds where it is a duration. The same settings give the same text, however they are written. Nothing of the
 * environment is part of it: it holds secrets, and differs from pod to pod.
 */
export function policyText(config: Config): string {
  const { databaseUrl: _url, auditSigningKey: _signingKey, auditHmacKey: _hmacKey, ...others } = config;
  const { kubeconfig: _kubeconfig, podName: _podName, ...policy } = others;
  // What else will come from the environment doesn't compile before it is left out too.
  policy satisfies Omit<Config, keyof Environment> & { readonly [K in keyof Environment]?: never };
  return canonicalJson(JSON.parse(JSON.stringify(policy)) as JsonValue);
}
