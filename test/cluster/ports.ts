import { createServer } from "node:net";
import type { Server } from "node:net";

/** Below the range from which the kernel takes ports for outgoing connections, so that nobody gets ours by chance. */
const lowest = 20_000;
const count = 10_000;
const attempts = 200;

export interface ReservedPorts<Name extends string> {
  readonly numbers: Readonly<Record<Name, number>>;
  /** Frees ports right before the process that listens on them is started. */
  readonly release: (...names: readonly Name[]) => Promise<void>;
}

/** Takes free ports on 127.0.0.1 and holds them, so that a cluster that starts at the same time takes others. */
export async function reservePorts<Name extends string>(names: readonly Name[]): Promise<ReservedPorts<Name>> {
  const held = new Map<Name, Server>();
  for (const name of names) held.set(name, await holdFreePort());
  const numbers = Object.fromEntries([...held].map(([name, server]) => [name, portOf(server)])) as Record<Name, number>;
  async function release(...released: readonly Name[]): Promise<void> {
    await Promise.all(released.map((name) => close(held.get(name))));
    for (const name of released) held.delete(name);
  }
  return { numbers, release };
}

/** Whether nobody listens on a port of 127.0.0.1. */
export async function isFree(port: number): Promise<boolean> {
  const server = await hold(port);
  await close(server);
  return server !== undefined;
}

async function holdFreePort(): Promise<Server> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const server = await hold(lowest + Math.floor(Math.random() * count));
    if (server !== undefined) return server;
  }
  throw new Error(`no free port found between ${String(lowest)} and ${String(lowest + count)}`);
}

function hold(port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.unref();
    server.on("error", () => {
      resolve(undefined);
    });
    server.listen(port, "127.0.0.1", () => {
      resolve(server);
    });
  });
}

function close(server: Server | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (server === undefined) resolve();
    else
      server.close(() => {
        resolve();
      });
  });
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the reserved port has no number");
  return address.port;
}
