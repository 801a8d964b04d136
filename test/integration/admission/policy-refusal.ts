import type { Answer } from "./api-client.ts";

/**
 * What a policy of config/admission said against a request: `403: …` or `422: …`. Undefined where the request was accepted.
 * A refusal that comes from elsewhere is given with all its words, so that no test takes it for a policy's.
 */
export function policyRefusal({ status, body }: Answer): string | undefined {
  if (status < 300) return undefined;
  const { message } = body as { readonly message: string };
  const [, words = message] =
    /ValidatingAdmissionPolicy '[^']+' with binding '[^']+' denied request: (.*)$/s.exec(message) ?? [];
  return `${String(status)}: ${words}`;
}
