import { rm } from "node:fs/promises";
import { stateDir } from "./platform-state.ts";
import { stopPlatform } from "./platform.ts";
import { say } from "./say.ts";

await stopPlatform();
await rm(stateDir, { recursive: true, force: true });
say("Nothing is left running.");
