/** `control-plane`: etcd, API server, controller manager. `full`: one node, a registry and Tekton as well. */
export type Profile = "control-plane" | "full";

/** The Go modules below tools/. They are three because their dependencies' versions exclude each other. */
export type GoModule = "kubernetes" | "tekton" | "cri";

export interface Program {
  readonly name: string;
  readonly module: GoModule;
  readonly package: string;
  /** The smallest profile that needs the program. */
  readonly profile: Profile;
  /** Has C code of its own. */
  readonly cgo?: boolean;
}

const kubernetes = "k8s.io/kubernetes/cmd";
const tekton = "github.com/tektoncd/pipeline/cmd";
const containerd = "github.com/containerd/containerd/v2/cmd";
const cni = "github.com/containernetworking/plugins/plugins";

/** In the order of building: what the control plane needs comes first. */
export const programs = [
  { name: "etcd", module: "kubernetes", package: "go.etcd.io/etcd/server/v3", profile: "control-plane" },
  { name: "kube-apiserver", module: "kubernetes", package: `${kubernetes}/kube-apiserver`, profile: "control-plane" },
  {
    name: "kube-controller-manager",
    module: "kubernetes",
    package: `${kubernetes}/kube-controller-manager`,
    profile: "control-plane",
  },
  { name: "kubectl", module: "kubernetes", package: `${kubernetes}/kubectl`, profile: "control-plane" },
  { name: "kube-scheduler", module: "kubernetes", package: `${kubernetes}/kube-scheduler`, profile: "full" },
  { name: "kubelet", module: "kubernetes", package: `${kubernetes}/kubelet`, profile: "full" },
  { name: "controller", module: "tekton", package: `${tekton}/controller`, profile: "full" },
  { name: "resolvers", module: "tekton", package: "cluster.test/tekton/resolvers", profile: "full" },
  { name: "webhook", module: "tekton", package: `${tekton}/webhook`, profile: "full" },
  { name: "entrypoint", module: "tekton", package: `${tekton}/entrypoint`, profile: "full" },
  { name: "nop", module: "tekton", package: `${tekton}/nop`, profile: "full" },
  { name: "sidecarlogresults", module: "tekton", package: `${tekton}/sidecarlogresults`, profile: "full" },
  { name: "workingdirinit", module: "tekton", package: `${tekton}/workingdirinit`, profile: "full" },
  { name: "crane", module: "tekton", package: "github.com/google/go-containerregistry/cmd/crane", profile: "full" },
  { name: "containerd", module: "cri", package: `${containerd}/containerd`, profile: "full" },
  { name: "containerd-shim-runc-v2", module: "cri", package: `${containerd}/containerd-shim-runc-v2`, profile: "full" },
  { name: "runc", module: "cri", package: "github.com/opencontainers/runc", profile: "full", cgo: true },
  { name: "runc-noseccomp", module: "cri", package: "cluster.test/cri/runc-noseccomp", profile: "full" },
  { name: "bridge", module: "cri", package: `${cni}/main/bridge`, profile: "full" },
  { name: "loopback", module: "cri", package: `${cni}/main/loopback`, profile: "full" },
  { name: "host-local", module: "cri", package: `${cni}/ipam/host-local`, profile: "full" },
] as const satisfies readonly Program[];

export type ProgramName = (typeof programs)[number]["name"];

/** The programs of a profile, in the order of building. */
export function programsOf(profile: Profile): readonly (Program & { readonly name: ProgramName })[] {
  return programs.filter((program) => profile === "full" || program.profile === "control-plane");
}
