import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { mustRun } from "./run-command.ts";

/** An image of one layer. */
export interface ImageSource {
  /** The folder that becomes the image's root. */
  readonly root: string;
  readonly entrypoint: readonly string[];
}

interface Descriptor {
  readonly mediaType: string;
  readonly size: number;
  readonly digest: string;
}

/** Numeric and not root: pods that must not run as root can only tell by the number. */
const user = "65532:65532";

/**
 * Writes an image as an OCI layout (https://github.com/opencontainers/image-spec, image-layout.md). The same content
 * gives the same digest. The layer stays uncompressed: on one host, packing and unpacking costs more than it saves.
 */
export async function writeOciLayout(dir: string, source: ImageSource): Promise<void> {
  const blobs = join(dir, "blobs", "sha256");
  await mkdir(blobs, { recursive: true });
  const layer = await writeLayer(blobs, source.root);
  const config = await writeBlob(blobs, "application/vnd.oci.image.config.v1+json", {
    ...platform(),
    config: { User: user, Env: ["PATH=/bin", "HOME=/tmp"], Entrypoint: source.entrypoint },
    rootfs: { type: "layers", diff_ids: [layer.digest] },
  });
  const mediaType = "application/vnd.oci.image.manifest.v1+json";
  const manifest = await writeBlob(blobs, mediaType, { schemaVersion: 2, mediaType, config, layers: [layer] });
  const index = { schemaVersion: 2, manifests: [{ ...manifest, platform: platform() }] };
  await writeFile(join(dir, "index.json"), JSON.stringify(index));
  await writeFile(join(dir, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
}

/** Go's names of platforms are those of images. */
function platform(): { readonly os: string; readonly architecture: string } {
  return { os: "linux", architecture: process.arch === "x64" ? "amd64" : process.arch };
}

async function writeLayer(blobs: string, root: string): Promise<Descriptor> {
  const path = join(blobs, "layer.tar");
  const reproducible = ["--sort=name", "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner", "--mode=a+rX"];
  await mustRun("tar", [...reproducible, "-C", root, "-cf", path, "."]);
  const hex = await hashFile(path);
  const { size } = await stat(path);
  await rename(path, join(blobs, hex));
  return { mediaType: "application/vnd.oci.image.layer.v1.tar", size, digest: `sha256:${hex}` };
}

async function writeBlob(blobs: string, mediaType: string, value: unknown): Promise<Descriptor> {
  const content = Buffer.from(JSON.stringify(value));
  const hex = createHash("sha256").update(content).digest("hex");
  await writeFile(join(blobs, hex), content);
  return { mediaType, size: content.length, digest: `sha256:${hex}` };
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}
