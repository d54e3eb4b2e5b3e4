/** Tables as files. RFC 4180 with a byte order mark, so that spreadsheets read names in any script. */

type Cell = string | number;

/** A cell that a spreadsheet would run as a formula is marked as text. */
function escaped(cell: Cell): string {
  if (typeof cell === 'number') return String(cell);
  const text = /^ *[=+\-@\t\r\n＝＋－＠]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export const toCsv = (rows: readonly (readonly Cell[])[]): string =>
  '\uFEFF' + rows.map((row) => row.map(escaped).join(',') + '\r\n').join('');

/** Gives the browser a file to save. */
export function download(name: string, rows: readonly (readonly Cell[])[]): void {
  const url = URL.createObjectURL(new Blob([toCsv(rows)], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
