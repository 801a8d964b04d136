import { readFile, writeFile } from "node:fs/promises";

/** Settings of the whole host that kubelet and the bridge plugin change and never change back. */
const changed = [
  "vm/overcommit_memory",
  "vm/panic_on_oom",
  "kernel/panic",
  "kernel/panic_on_oops",
  "kernel/keys/root_maxkeys",
  "kernel/keys/root_maxbytes",
  "net/ipv4/ip_forward",
];

/** The present values; a kernel need not have all of them. */
export async function readSysctls(): Promise<Readonly<Record<string, string>>> {
  const read = changed.map(async (name) => [name, await readFile(pathOf(name), "utf8").catch(() => "")] as const);
  const values = (await Promise.all(read)).filter(([, value]) => value !== "");
  return Object.fromEntries(values.map(([name, value]) => [name, value.trim()]));
}

/** Writes back what differs. */
export async function restoreSysctls(values: Readonly<Record<string, string>>): Promise<void> {
  const present = await readSysctls();
  for (const [name, value] of Object.entries(values)) {
    if (present[name] !== value) await writeFile(pathOf(name), value);
  }
}

function pathOf(name: string): string {
  return `/proc/sys/${name}`;
}
