/** A sign that spreadsheets start a formula with, in its full-width form too, after anything that they or their import drop. */
const formulaStart = /^[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠]/u

/** OWASP counts these among the first characters that some spreadsheets drop before they look for a formula. */
const droppedStart = /^[\t\r\n]/

/** A signed number as it may stand in a cell: `-3.5`, `+1,200.00`, `-2e-3`, `-4 %`. */
const signedNumber = /^[+-](\d+([.,]\d+)*|\.\d+)(e[+-]?\d+)?( ?%)?$/i

/** Signs, digits and separators alone, such as `-` and `+44 20 7946 0000`, run nothing. */
const harmless = /^[+-][\d\s.,]*$/

/** Whether a spreadsheet would run a cell as a formula; a signed number is not one. */
export function isFormula(cell: string): boolean {
  return formulaStart.test(cell) && !signedNumber.test(cell) && !harmless.test(cell)
}

/** Whether a cell is written with an apostrophe before it: more than `isFormula`, because it costs nothing. */
function needsApostrophe(cell: string): boolean {
  return (formulaStart.test(cell) && !signedNumber.test(cell)) || droppedStart.test(cell)
}

/** A cell as a spreadsheet reads it without running it. A cell that looks escaped gets another apostrophe, so that it can be read back. */
export function escaped(cell: string): string {
  return needsApostrophe(cell.replace(/^'+/, '')) ? `'${cell}` : cell
}

/** Reverses `escaped`. */
export function unescaped(cell: string): string {
  return cell.startsWith("'") && needsApostrophe(cell.replace(/^'+/, '')) ? cell.slice(1) : cell
}
