import { InvalidReference, isImageReference, parsePushTarget } from "../../pkg/bundle/reference.ts";
import type { PushTarget } from "../../pkg/bundle/reference.ts";
import type { CommandParser } from "./command-parser.ts";
import { readOptions } from "./read-options.ts";
import { UsageError } from "./usage-error.ts";

/** wfe bundle pack. */
export interface PackCommand {
  readonly group: "bundle";
  readonly name: "pack";
  readonly folder: string;
  /** References by the names that they stand for. */
  readonly images: ReadonlyMap<string, string>;
}

/** wfe bundle push. */
export interface PushCommand {
  readonly group: "bundle";
  readonly name: "push";
  readonly folder: string;
  readonly target: PushTarget;
  readonly images: ReadonlyMap<string, string>;
  readonly plainHttp: boolean;
}

export type BundleCommand = PackCommand | PushCommand;

/** The commands of `wfe bundle`, by name. */
export const bundleParsers: ReadonlyMap<string, CommandParser<BundleCommand>> = new Map<
  string,
  CommandParser<BundleCommand>
>([
  ["pack", parsePack],
  ["push", parsePush],
]);

const imageOption = { image: { type: "string", multiple: true, default: [] as string[] } } as const;

function parsePack(args: readonly string[]): PackCommand {
  const { values, positionals } = readOptions(args, imageOption);
  const [folder, ...more] = positionals;
  if (folder === undefined || more.length > 0) {
    throw new UsageError(`wfe bundle pack takes a folder, found ${String(positionals.length)} operands`);
  }
  return { group: "bundle", name: "pack", folder, images: parseImages(values.image) };
}

function parsePush(args: readonly string[]): PushCommand {
  const options = { ...imageOption, "plain-http": { type: "boolean", default: false } } as const;
  const { values, positionals } = readOptions(args, options);
  const [folder, reference, ...more] = positionals;
  if (folder === undefined || reference === undefined || more.length > 0) {
    throw new UsageError(
      `wfe bundle push takes a folder and a reference, found ${String(positionals.length)} operands`,
    );
  }
  const images = parseImages(values.image);
  const plainHttp = values["plain-http"];
  return { group: "bundle", name: "push", folder, target: parseTarget(reference), images, plainHttp };
}

function parseTarget(reference: string): PushTarget {
  try {
    return parsePushTarget(reference);
  } catch (error) {
    throw error instanceof InvalidReference ? new UsageError(error.message) : error;
  }
}

function parseImages(options: readonly string[]): ReadonlyMap<string, string> {
  const images = new Map<string, string>();
  for (const option of options) {
    const [name = "", ...rest] = option.split("=");
    const reference = rest.join("=");
    if (name === "" || !isImageReference(reference)) {
      throw new UsageError(`--image ${option}: expected NAME=REFERENCE, such as action=ghcr.io/example/kubectl:1.35`);
    }
    if (images.has(name)) throw new UsageError(`--image ${name} is given twice`);
    images.set(name, reference);
  }
  return images;
}
