/**
 * Reads what follows a command's name.
 *
 * @throws UsageError
 */
export type CommandParser<Command> = (args: readonly string[]) => Command;
