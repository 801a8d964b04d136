/** Where a bundle goes. */
export interface PushTarget {
  /** As the user wrote it, with the port: what references begin with. */
  readonly registry: string;
  readonly repository: string;
  readonly tag?: string;
}

/** A reference that can't be understood. The message says what is expected. */
export class InvalidReference extends Error {
  constructor(text: string, reason: string) {
    super(`"${text}": ${reason} (expected REGISTRY/REPOSITORY[:TAG], such as ghcr.io/example/restart:v1)`);
    this.name = "InvalidReference";
  }
}

const registryName = /^(\[[0-9a-fA-F:]+\]|[a-zA-Z0-9]([a-zA-Z0-9.-]*[a-zA-Z0-9])?)(:\d{1,5})?$/;
const repositoryName = /^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$/;
const tagName = /^\w[\w.-]{0,127}$/;

/**
 * Reads `REGISTRY/REPOSITORY[:TAG]` (grammar: OCI distribution specification 1.1). The registry has to be named: a short
 * name would mean another registry to each tool.
 *
 * @throws InvalidReference
 */
export function parsePushTarget(text: string): PushTarget {
  if (text.includes("@")) throw new InvalidReference(text, "the digest follows from what is pushed, it can't be given");
  const slash = text.indexOf("/");
  const registry = text.slice(0, Math.max(slash, 0));
  if (!isRegistry(registry)) throw new InvalidReference(text, "it doesn't begin with the host of a registry");
  const [repository = "", ...tags] = text.slice(slash + 1).split(":");
  if (!repositoryName.test(repository)) {
    throw new InvalidReference(
      text,
      `"${repository}" is no name of a repository (lower case letters, digits, . _ - /)`,
    );
  }
  if (tags.length === 0) return { registry, repository };
  const tag = tags.join(":");
  if (!tagName.test(tag)) throw new InvalidReference(text, `"${tag}" is no tag`);
  return { registry, repository, tag };
}

/** As docker tells a host from the first part of a repository: it has a dot or a port, or is localhost. */
function isRegistry(text: string): boolean {
  return registryName.test(text) && (/[.:]/.test(text) || text === "localhost");
}

const imageName = /^[a-zA-Z0-9][a-zA-Z0-9.:-]*(\/[a-z0-9._-]+)*(:\w[\w.-]{0,127})?(@sha256:[0-9a-f]{64})?$/;

/** Whether a text can be the image of a step. */
export function isImageReference(text: string): boolean {
  return text.length <= 1024 && imageName.test(text);
}
