import { RegistryError } from "./http-exchange.ts";
import type { Blob, OciImage } from "./oci-image.ts";
import type { PushTarget } from "./reference.ts";
import { openSession } from "./registry-session.ts";
import type { RegistryOptions, RegistrySession } from "./registry-session.ts";

/** Called before each step, with a line for people. */
export type PushProgress = (line: string) => void;

/**
 * Pushes an image to a registry (OCI distribution specification 1.1): blobs that aren't there yet, then the manifest
 * under its tag, or under its digest where there is none. Doing it again changes nothing.
 *
 * @returns the reference that executions pin, `registry/repository@sha256:…`
 * @throws RegistryError
 */
export async function pushImage(
  image: OciImage,
  target: PushTarget,
  options: RegistryOptions = {},
  progress: PushProgress = () => undefined,
): Promise<string> {
  const session = await openSession(target.registry, target.repository, options);
  const root = `/v2/${target.repository}`;
  for (const blob of [image.config, ...image.layers]) await pushBlob(session, root, blob, progress);
  progress(`manifest ${image.manifest.digest}${target.tag === undefined ? "" : ` as ${target.tag}`}`);
  await pushManifest(session, image.manifest, target);
  return `${target.registry}/${target.repository}@${image.manifest.digest}`;
}

async function pushBlob(session: RegistrySession, root: string, blob: Blob, progress: PushProgress): Promise<void> {
  const there = await session.send({ method: "HEAD", url: `${root}/blobs/${blob.digest}`, expect: [200, 404] });
  if (there.status === 200) {
    progress(`${blob.digest} is there already`);
    return;
  }
  progress(`${blob.digest}: ${String(blob.bytes.length)} bytes`);
  const begun = await session.send({ method: "POST", url: `${root}/blobs/uploads/`, expect: [202] });
  const location = begun.headers.get("location");
  if (location === null) throw new RegistryError(`POST ${begun.url}: 202 without a Location`);
  const url = new URL(location, begun.url);
  url.searchParams.append("digest", blob.digest);
  await session.send({
    method: "PUT",
    url: url.href,
    contentType: "application/octet-stream",
    body: blob.bytes,
    expect: [201],
  });
}

async function pushManifest(session: RegistrySession, manifest: Blob, target: PushTarget): Promise<void> {
  const url = `/v2/${target.repository}/manifests`;
  await session.send({
    method: "PUT",
    url: `${url}/${target.tag ?? manifest.digest}`,
    contentType: manifest.mediaType,
    body: manifest.bytes,
    expect: [201],
  });
  // What is printed afterwards has to be what can be pulled.
  await session.send({ method: "HEAD", url: `${url}/${manifest.digest}`, expect: [200] });
}
