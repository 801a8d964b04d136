import { isMapping } from "./bundle-object.ts";
import type { Json } from "./bundle-object.ts";
import { containersOf, taskSpecs } from "./task-specs.ts";

/** Where images stand in a task: in its steps and sidecars, and in the template of its steps. */
function containersWithImages(object: Json): readonly Json[] {
  return taskSpecs(object).flatMap((place) => [
    ...containersOf(place).map(({ container }) => container),
    ...(isMapping(place.spec["stepTemplate"]) ? [place.spec["stepTemplate"]] : []),
  ]);
}

/** The images that an object's steps run, as they are written there; each once. */
export function imagesOf(object: Json): readonly string[] {
  const images = containersWithImages(object).map((container) => container["image"]);
  return [...new Set(images.filter((image) => typeof image === "string"))];
}

/** A copy of an object in which every image that stands in the map by its whole text is replaced. */
export function withImages(object: Json, images: ReadonlyMap<string, string>): Json {
  const containers = new Set<unknown>(containersWithImages(object));
  function copy(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(copy);
    if (!isMapping(value)) return value;
    const entries = Object.entries(value).map(([key, inner]) => [key, copy(inner)] as const);
    const image = containers.has(value) && typeof value["image"] === "string" ? images.get(value["image"]) : undefined;
    return Object.fromEntries(image === undefined ? entries : [...entries, ["image", image]]);
  }
  return copy(object) as Json;
}

/** A bare word such as `action`: it stands for an image that has to be named when the bundle is pushed. */
export function isPlaceholder(image: string): boolean {
  return /^[a-z0-9_-]+$/i.test(image);
}
