/** Lays out rows in columns for a terminal. Pure. */

/**
 * @param widest columns are cut to this many characters, line breaks become spaces
 * @param right  indexes of columns with numbers, set to the right
 */
export function table(
  rows: readonly (readonly string[])[],
  widest: number,
  right: readonly number[],
): string {
  const cells = rows.map((row) => row.map((cell) => shorten(cell.replaceAll(/\s+/g, ' ').trim(), widest)));
  const columns = Math.max(0, ...cells.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...cells.map((row) => (row[column] ?? '').length)),
  );
  const lines = cells.map((row) =>
    widths
      .map((width, column) =>
        right.includes(column) ? (row[column] ?? '').padStart(width) : (row[column] ?? '').padEnd(width),
      )
      .join('  ')
      .trimEnd(),
  );
  const [head = '', ...body] = lines;
  return [head, widths.map((width) => '-'.repeat(width)).join('  '), ...body].join('\n');
}

function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 3)}...`;
}
