import { isMapping } from "./bundle-object.ts";
import type { BundleFile, BundleObject } from "./bundle-object.ts";
import { canonicalJson } from "./canonical-json.ts";
import { checkBundle, identityOf } from "./check-bundle.ts";
import { checkObject } from "./check-object.ts";
import { lintScripts } from "./lint-scripts.ts";
import { ociImageOf } from "./oci-image.ts";
import type { LayerContent, OciImage } from "./oci-image.ts";
import { parseObjects } from "./parse-objects.ts";
import { BundleRefused } from "./problem.ts";
import { imagesOf, withImages } from "./step-images.ts";

/** A pipeline is copied into its run's status, and etcd takes objects of 1.5 MiB. */
const mostBytes = 1024 * 1024;

/** A Tekton bundle, ready to be pushed. */
export interface PackedBundle {
  readonly image: OciImage;
  /** What is in it, as `Pipeline workflow`, with the file that it came from. */
  readonly objects: readonly { readonly identity: string; readonly file: string }[];
  /** The images that the steps will run, after the replacements; each once. */
  readonly stepImages: readonly string[];
  /** The images to be replaced that no step runs: most likely misspelled. */
  readonly unusedImages: readonly string[];
}

interface Entry {
  readonly identity: string;
  readonly file: string;
  readonly stepImages: readonly string[];
  /** Before the replacements. */
  readonly writtenImages: readonly string[];
  readonly layer: LayerContent;
}

/**
 * Packs the files of a folder into a Tekton bundle (contract v0.1): one layer for each object, and the same folder gives
 * the same bytes everywhere.
 *
 * @param images step images to replace, by their whole text in the files
 * @throws BundleRefused with every problem of every file
 */
export function packBundle(
  files: readonly BundleFile[],
  images: ReadonlyMap<string, string> = new Map(),
): PackedBundle {
  // Pipelines before Tasks, each by name: neither the order nor the names of the files play a part.
  const entries = checkedObjects(files)
    .map((object) => entryOf(object, images))
    .toSorted((a, b) => (a.identity < b.identity ? -1 : 1));
  checkSize(entries);
  return {
    image: ociImageOf(entries.map((entry) => entry.layer)),
    objects: entries.map(({ identity, file }) => ({ identity, file })),
    stepImages: [...new Set(entries.flatMap((entry) => entry.stepImages))].toSorted(),
    unusedImages: [...images.keys()].filter((image) => !entries.some((entry) => entry.writtenImages.includes(image))),
  };
}

function checkedObjects(files: readonly BundleFile[]): readonly BundleObject[] {
  const parsed = files.map(parseObjects);
  const objects = parsed.flatMap((file) => file.objects);
  const problems = [
    ...parsed.flatMap((file) => file.problems),
    ...objects.flatMap((object) => [...checkObject(object), ...lintScripts(object)]),
  ];
  // Said only of good objects: a broken file may be the one that is missed.
  if (problems.length === 0) problems.push(...checkBundle(objects));
  if (problems.length > 0) throw new BundleRefused(problems);
  return objects;
}

function entryOf(object: BundleObject, images: ReadonlyMap<string, string>): Entry {
  const written = isMapping(object.value) ? object.value : {};
  const value = withImages(written, images);
  const identity = identityOf(object);
  const [kind = "", name = ""] = identity.split(" ");
  // By these Tekton finds an object. Every layer has to have all three.
  const annotations = {
    "dev.tekton.image.apiVersion": "v1",
    "dev.tekton.image.kind": kind.toLowerCase(),
    "dev.tekton.image.name": name,
  };
  const layer = { name, content: Buffer.from(canonicalJson(value)), annotations };
  return { identity, file: object.file, stepImages: imagesOf(value), writtenImages: imagesOf(written), layer };
}

function checkSize(entries: readonly Entry[]): void {
  const size = entries.reduce((total, entry) => total + entry.layer.content.length, 0);
  if (size <= mostBytes) return;
  const message = `the objects have ${String(size)} bytes together, at most ${String(mostBytes)} are allowed`;
  throw new BundleRefused([{ file: "the folder", line: 0, message }]);
}
