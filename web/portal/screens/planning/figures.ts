/** A figure of a form: what it is called, its unit and its bounds, all as the person types it. */
export interface Figure {
  label: string
  unit: string
  least: number
  most: number
  /** Without decimals. */
  isWhole?: true
  /** At most so many decimals; any number of them where it is left out. */
  decimals?: number
  /** What is typed to what the API takes: 100 for per cent. */
  scale?: number
  hint?: string
}

/** A figure as the API takes it; `null` if what was typed is none, or out of bounds. */
export function readFigure(text: string, { least, most, isWhole, decimals, scale = 1 }: Figure): number | null {
  const typed = text.trim()
  const [, fraction] = /^-?\d+(?:\.(\d+))?$/.exec(typed) ?? [typed, null]
  if (fraction === null || (decimals !== undefined && (fraction?.length ?? 0) > decimals)) return null
  const value = Number(typed)
  if (value < least || value > most || (isWhole && !Number.isInteger(value))) return null
  // So that 35 % is 0.35 and not a neighbour of it.
  return scale === 1 ? value : Number((value / scale).toPrecision(12))
}

/** A figure of the API as its field shows it. */
export function figureText(value: number, { scale = 1 }: Figure): string {
  return String(Number((value * scale).toPrecision(12)))
}

/** What is wrong with what was typed, and what would be right; `undefined` if nothing is. */
export function figureFault(text: string, figure: Figure): string | undefined {
  if (readFigure(text, figure) !== null) return undefined
  const { least, most, unit, isWhole, decimals } = figure
  const parts = [`Enter a ${isWhole ? 'whole ' : ''}number from ${least} to ${most}`]
  if (unit !== '') parts.push(` (${unit})`)
  if (decimals !== undefined) parts.push(`, with at most ${decimals} decimals`)
  return `${parts.join('')}.`
}
