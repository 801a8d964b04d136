/** What a row of the trail says of an event of an execution or a target lock. */
export interface RecordedEvent {
  /** Of the execution or lock. */
  readonly uid: string;
  readonly ordinal: number;
  readonly type: string;
  readonly seq: number;
  readonly hash: string;
  /** Empty for a target lock. */
  readonly namespace: string;
  readonly name: string;
  readonly runUid: string | null;
  readonly clusterId: string;
}
