/** A command line that can't be understood. The message is for the user. */
export class UsageError extends Error {}
