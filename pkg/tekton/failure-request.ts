/** What was asked of the execution that failed, for the words of its failure. */
export interface FailureRequest {
  readonly workflowId: string;
  readonly version: string;
  /** As it was written in the request. */
  readonly targetResource: string;
  /** The server's time of the decision: when it failed, where no run says so. */
  readonly decidedAt: string;
  /** Who wanted it to be cancelled, and why. */
  readonly cancel?: { readonly mode: string; readonly reason?: string; readonly by?: string };
}
