import type { SettingInForce } from '../../../../schemas/access/settings.ts'

type Values = SettingInForce['values']
type Value = Values[string]

/** The name of a figure in words: `lookBackDays` is `look back days`. Units stay as they are written. */
export function figureWords(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .split(' ')
    .map((word) => units[word.toLowerCase()] ?? word.toLowerCase())
    .join(' ')
}

const units: Record<string, string> = { w: 'W', wh: 'Wh', kw: 'kW', kwh: 'kWh', gbp: '£', mwh: 'MWh', s: 's', ms: 'ms' }

/** A figure as it is shown and typed. */
export function shownFigure(value: Value | undefined): string {
  if (value === undefined) return ''
  return Array.isArray(value) ? value.join(', ') : String(value)
}

/** What was typed, read as the kind of figure that is in force; `null` if it is not one. */
export function readFigure(text: string, like: Value | undefined): Value | null {
  const typed = text.trim()
  if (typeof like === 'string') return typed
  if (typeof like === 'boolean') return typed === 'true' ? true : typed === 'false' ? false : null
  if (Array.isArray(like)) {
    const numbers = typed === '' ? [] : typed.split(',').map((part) => readNumber(part))
    return numbers.every((one) => one !== null) ? numbers : null
  }
  return readNumber(typed)
}

function readNumber(text: string): number | null {
  return /^-?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : null
}

/** What to type for a figure. */
export function wantedWords(like: Value | undefined): string {
  if (Array.isArray(like)) return 'must be numbers, separated by commas'
  return typeof like === 'boolean' ? 'must be true or false' : 'must be a number, such as 0.9'
}
