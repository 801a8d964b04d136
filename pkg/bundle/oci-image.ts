import { digestOf } from "./digest.ts";
import { gzipOf } from "./gzip.ts";
import { tarOf } from "./tar.ts";

const manifestType = "application/vnd.oci.image.manifest.v1+json";
const configType = "application/vnd.oci.image.config.v1+json";
const layerType = "application/vnd.oci.image.layer.v1.tar+gzip";

export interface Blob {
  readonly mediaType: string;
  readonly digest: string;
  readonly bytes: Uint8Array;
}

/** One file of the image, in a layer of its own. */
export interface LayerContent {
  readonly name: string;
  readonly content: Uint8Array;
  readonly annotations: Readonly<Record<string, string>>;
}

/** An OCI image: `manifest.digest` is what references pin. */
export interface OciImage {
  readonly manifest: Blob;
  readonly config: Blob;
  readonly layers: readonly Blob[];
}

/** Builds an image whose bytes depend on its contents alone: no times, no owners, no platform, no compressor. */
export function ociImageOf(contents: readonly LayerContent[]): OciImage {
  const archives = contents.map(({ name, content }) => tarOf(name, content));
  const layers = archives.map((archive) => blobOf(layerType, gzipOf(archive)));
  const rootfs = { type: "layers", diff_ids: archives.map(digestOf) };
  const config = blobOf(configType, json({ architecture: "", os: "", config: {}, rootfs }));
  const described = contents.map(({ annotations }, index) => ({ ...descriptorOf(layers[index]), annotations }));
  const manifest = { schemaVersion: 2, mediaType: manifestType, config: descriptorOf(config), layers: described };
  return { manifest: blobOf(manifestType, json(manifest)), config, layers };
}

function descriptorOf(blob: Blob | undefined): object {
  return { mediaType: blob?.mediaType, digest: blob?.digest, size: blob?.bytes.length };
}

function blobOf(mediaType: string, bytes: Uint8Array): Blob {
  return { mediaType, digest: digestOf(bytes), bytes };
}

function json(value: object): Buffer {
  return Buffer.from(JSON.stringify(value));
}
