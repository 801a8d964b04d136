import type { KubernetesObject } from "../../../pkg/api/meta.ts";
import type { ResourceType } from "../../../pkg/kube/resource-path.ts";

/** A custom resource with a status and a rule on how it may change: what the product's own kinds have, and no more. */
export interface Widget extends KubernetesObject {
  readonly spec: { readonly size: number; readonly padding?: string };
  readonly status?: { readonly phase?: string };
}

export const widgets: ResourceType = {
  group: "kube.test",
  version: "v1",
  plural: "widgets",
  kind: "Widget",
  namespaced: true,
};

export const configMaps: ResourceType = {
  group: "",
  version: "v1",
  plural: "configmaps",
  kind: "ConfigMap",
  namespaced: true,
};

export interface ConfigMap extends KubernetesObject {
  readonly data?: Readonly<Record<string, string>>;
}

const schema = {
  type: "object",
  required: ["spec"],
  properties: {
    spec: {
      type: "object",
      required: ["size"],
      properties: { size: { type: "integer" }, padding: { type: "string" } },
      "x-kubernetes-validations": [{ rule: "self.size >= oldSelf.size", message: "never shrinks" }],
    },
    status: { type: "object", properties: { phase: { type: "string" } } },
  },
};

export const widgetCrd = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "widgets.kube.test" },
  spec: {
    group: "kube.test",
    scope: "Namespaced",
    names: { kind: "Widget", listKind: "WidgetList", plural: "widgets", singular: "widget", shortNames: ["wid"] },
    versions: [
      { name: "v1", served: true, storage: true, subresources: { status: {} }, schema: { openAPIV3Schema: schema } },
    ],
  },
};
