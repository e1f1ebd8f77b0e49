/** Shows how a download goes on: one line per tenth, so that it reads well in a terminal and in a log. */

/** Receives one line for a person. */
export type Say = (line: string) => void;

/**
 * @returns a function for bytes so far and in all; it says a line whenever another tenth (or 32 MB, with unknown total) is there
 */
export function progressReporter(say: Say): (received: number, total: number | undefined) => void {
  let said = 0;
  return (received, total) => {
    const step =
      total === undefined ? Math.floor(received / 33_554_432) : Math.floor((received / total) * 10);
    if (step <= said) return;
    said = step;
    const megabytes = `${Math.round(received / 1_000_000)} MB`;
    say(total === undefined ? `  ${megabytes}` : `  ${step * 10} %  ${megabytes}`);
  };
}
