import { credentialsFor } from "../../pkg/bundle/docker-config.ts";
import type { Credentials } from "../../pkg/bundle/docker-config.ts";
import { packBundle } from "../../pkg/bundle/pack.ts";
import type { PackedBundle } from "../../pkg/bundle/pack.ts";
import { BundleRefused } from "../../pkg/bundle/problem.ts";
import { pushImage } from "../../pkg/bundle/push.ts";
import { readBundleFolder } from "../../pkg/bundle/read-folder.ts";
import { isPlaceholder } from "../../pkg/bundle/step-images.ts";
import type { BundleCommand, PackCommand, PushCommand } from "./bundle-command-line.ts";

/** What the commands need from the process. */
export interface Surroundings {
  /** Standard output: the result alone. */
  readonly print: (text: string) => void;
  /** Standard error: everything else. */
  readonly tell: (text: string) => void;
  /** The text of docker's config.json; undefined where there is none. */
  readonly readDockerConfig: () => Promise<string | undefined>;
}

/** Runs a command of `wfe bundle`. */
export async function runBundleCommand(command: BundleCommand, surroundings: Surroundings): Promise<void> {
  switch (command.name) {
    case "pack":
      await packCommand(command, surroundings);
      return;
    case "push":
      await pushCommand(command, surroundings);
  }
}

/** Checks and packs a folder; prints the digest. */
async function packCommand(command: PackCommand, surroundings: Surroundings): Promise<void> {
  const bundle = await packFolder(command);
  describe(bundle, surroundings.tell);
  surroundings.print(bundle.image.manifest.digest);
}

/** Packs and pushes a folder; prints the reference that executions pin. */
async function pushCommand(command: PushCommand, surroundings: Surroundings): Promise<void> {
  const bundle = await packFolder(command);
  refusePlaceholders(bundle);
  describe(bundle, surroundings.tell);
  const credentials = await findCredentials(command.target.registry, surroundings);
  const options = { plainHttp: command.plainHttp, ...(credentials === undefined ? {} : { credentials }) };
  surroundings.print(await pushImage(bundle.image, command.target, options, surroundings.tell));
}

async function packFolder({ folder, images }: PackCommand | PushCommand): Promise<PackedBundle> {
  const bundle = packBundle(await readBundleFolder(folder), images);
  const there = bundle.stepImages.join(", ");
  refuse(
    bundle.unusedImages.map((image) => `--image ${image}: no step runs an image of that name; they run: ${there}`),
  );
  return bundle;
}

async function findCredentials(registry: string, surroundings: Surroundings): Promise<Credentials | undefined> {
  const config = await surroundings.readDockerConfig();
  return config === undefined ? undefined : credentialsFor(config, registry);
}

/** A bare name would be looked for at Docker Hub, where anybody may have taken it. */
function refusePlaceholders(bundle: PackedBundle): void {
  const placeholders = bundle.stepImages.filter(isPlaceholder);
  refuse(
    placeholders.map((image) => `the image "${image}" is a placeholder: name one with --image ${image}=REFERENCE`),
  );
}

function refuse(messages: readonly string[]): void {
  const problems = messages.map((message) => ({ file: "the folder", line: 0, message }));
  if (problems.length > 0) throw new BundleRefused(problems);
}

function describe(bundle: PackedBundle, tell: (text: string) => void): void {
  for (const { identity, file } of bundle.objects) tell(`${identity} (${file})`);
  for (const image of bundle.stepImages) tell(`step image ${image}${remarkOn(image)}`);
}

function remarkOn(image: string): string {
  if (isPlaceholder(image)) return " (placeholder: to be named with --image at the push)";
  return image.includes("@sha256:") ? "" : " (not pinned by a digest: what it runs may change under the same bundle)";
}
