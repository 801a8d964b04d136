/** One kind that the API server serves, as discovery names it. */
export interface ServedKind {
  /** "" for the core group. */
  readonly group: string;
  readonly kind: string;
  readonly plural: string;
  /** As discovery gives it; often "" for aggregated or older groups. */
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly namespaced: boolean;
}

/** What API discovery said. `complete` is false where a group could not be read: then no absence may be concluded. */
export interface KindCatalog {
  readonly kinds: readonly ServedKind[];
  readonly complete: boolean;
}
