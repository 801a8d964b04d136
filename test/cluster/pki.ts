import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { mustRun } from "./run-command.ts";

const validDays = "365";

/** The API server's address on the service network: the only one that pods know. */
export const apiServerAddress = "10.96.0.1";

interface Certificate {
  readonly name: string;
  readonly subject: string;
  readonly extensions: readonly string[];
}

function clientCertificate(name: string, subject: string): Certificate {
  return { name, subject, extensions: ["extendedKeyUsage=clientAuth"] };
}

const serverNames = [
  "DNS:kubernetes",
  "DNS:kubernetes.default",
  "DNS:kubernetes.default.svc",
  "DNS:kubernetes.default.svc.cluster.local",
  "DNS:localhost",
  "IP:127.0.0.1",
  `IP:${apiServerAddress}`,
];

const certificates: readonly Certificate[] = [
  {
    name: "apiserver",
    subject: "/CN=kube-apiserver",
    extensions: ["extendedKeyUsage=serverAuth", `subjectAltName=${serverNames.join(",")}`],
  },
  clientCertificate("admin", "/O=system:masters/CN=admin"),
  clientCertificate("scheduler", "/CN=system:kube-scheduler"),
  clientCertificate("kubelet", "/O=system:nodes/CN=system:node:node-1"),
  clientCertificate("apiserver-to-kubelet", "/O=system:masters/CN=kube-apiserver-to-kubelet"),
];

/** Makes the cluster's own certificate authority, all certificates and the key that signs ServiceAccount tokens. */
export async function makePki(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  await Promise.all([makeAuthority(dir), makeServiceAccountKey(dir)]);
  await Promise.all(certificates.map((certificate) => makeCertificate(dir, certificate)));
}

/** Elliptic keys: making RSA keys would let the time of a start vary by a second. */
function newKey(dir: string, name: string): readonly string[] {
  return ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", "-keyout", join(dir, `${name}.key`)];
}

async function makeAuthority(dir: string): Promise<void> {
  const extensions = [
    "-addext",
    "basicConstraints=critical,CA:TRUE",
    "-addext",
    "keyUsage=critical,keyCertSign,cRLSign",
  ];
  const output = ["-subj", "/CN=test-cluster", "-days", validDays, "-out", join(dir, "ca.crt")];
  await mustRun("openssl", ["req", "-x509", ...newKey(dir, "ca"), ...extensions, ...output]);
}

async function makeServiceAccountKey(dir: string): Promise<void> {
  const key = join(dir, "sa.key");
  await mustRun("openssl", ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", key]);
  await mustRun("openssl", ["pkey", "-in", key, "-pubout", "-out", join(dir, "sa.pub")]);
}

async function makeCertificate(dir: string, { name, subject, extensions }: Certificate): Promise<void> {
  const all = ["basicConstraints=critical,CA:FALSE", "keyUsage=critical,digitalSignature", ...extensions];
  const authority = ["-CA", join(dir, "ca.crt"), "-CAkey", join(dir, "ca.key")];
  const output = ["-subj", subject, "-days", validDays, "-out", join(dir, `${name}.crt`)];
  const added = all.flatMap((extension) => ["-addext", extension]);
  await mustRun("openssl", ["req", "-x509", ...authority, ...newKey(dir, name), ...added, ...output]);
}
