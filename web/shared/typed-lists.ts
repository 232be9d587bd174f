/** Words of a text, separated by spaces, commas, semicolons or lines, such as MPANs as they are pasted. */
export function wordsIn(text: string): string[] {
  return text.split(/[\s,;]+/).filter((word) => word !== '')
}

/** The lines of a text that say something, trimmed. */
export function linesIn(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

/** Lines such as `name = value`. Of a line without the sign, or with nothing beside it, both are empty. @param sign `=` or `:` */
export function pairsIn(text: string, sign: '=' | ':'): { line: string; name: string; value: string }[] {
  return linesIn(text).map((line) => {
    const at = line.indexOf(sign)
    const [name, value] = at < 0 ? ['', ''] : [line.slice(0, at).trim(), line.slice(at + 1).trim()]
    return name === '' || value === '' ? { line, name: '', value: '' } : { line, name, value }
  })
}

/** A value for each period of a day, as pasted: one per line or side by side. One alone stands for every period. */
export function valuesOfDay(text: string, periods: number): { cells: string[]; fault: string | null } {
  const given = text.trim() === '' ? [] : text.trim().split(/[\s;]+/)
  const cells = given.length === 1 ? Array<string>(periods).fill(given[0] ?? '') : given
  if (cells.length !== periods)
    return {
      cells,
      fault: `${given.length} values were given, but this day has ${periods} periods. Give one for each.`,
    }
  const wrong = cells.findIndex((cell) => !Number.isFinite(Number(cell)))
  return { cells, fault: wrong < 0 ? null : `“${cells[wrong]}”, value ${wrong + 1}, is not a number.` }
}
