import { readCsv } from '../../platform/csv/index.ts'

/** A record of a feed: a row of a file by its headings, or a JSON object. */
export interface FeedRecord {
  /** Line of the file; of a batch, its place from 1. */
  line: number
  value: unknown
}

/** A row that is no record: it was cut off, or has a cell that a spreadsheet would run. */
export interface BrokenRecord extends FeedRecord {
  reason: string
}

export type Records = { ok: true; records: FeedRecord[]; broken: BrokenRecord[] } | { ok: false; reason: string }

/** More than a month of minutes of a hundred channels is not one file. */
const maxRows = 5_000_000

/**
 * The records in the text of a file: JSON (a list, an object with the list in a member, or an object a line) or CSV.
 * @param recordsIn the member that has the list; absent: the text is the list.
 */
export async function recordsOf(text: string, recordsIn?: string): Promise<Records> {
  const [first] = text.trimStart()
  return first === '[' || first === '{' ? jsonRecords(text, recordsIn) : csvRecords(text)
}

function jsonRecords(text: string, recordsIn: string | undefined): Records {
  const whole = parsed(text)
  if (whole.ok) {
    const list = recordsIn === undefined ? whole.value : memberOf(whole.value, recordsIn)
    if (Array.isArray(list)) return { ok: true, records: list.map((value, i) => ({ line: i + 1, value })), broken: [] }
    if (recordsIn !== undefined) return { ok: false, reason: `it has no list of records in ${recordsIn}` }
    return { ok: true, records: [{ line: 1, value: whole.value }], broken: [] }
  }
  const lines = text.split('\n').map((line, i) => ({ line: i + 1, text: line.trim() }))
  const rows = lines.filter(({ text }) => text !== '').map(({ line, text }) => ({ line, text, json: parsed(text) }))
  if (rows.every(({ json }) => !json.ok)) return { ok: false, reason: `it is no JSON: ${whole.reason}` }
  return {
    ok: true,
    records: rows.flatMap(({ line, json }) => (json.ok ? [{ line, value: json.value }] : [])),
    broken: rows.flatMap(({ line, text, json }) => (json.ok ? [] : [{ line, value: text, reason: json.reason }])),
  }
}

async function csvRecords(text: string): Promise<Records> {
  const { headings, rows, flaws } = await readCsv(text, { maxRows })
  if (headings.length < 2) return { ok: false, reason: 'it has no headings in its first line' }
  const ofFile = flaws.find(({ line }) => line <= 1)
  if (ofFile) return { ok: false, reason: `${ofFile.field} ${ofFile.message}`.trim() }
  const lines = text.split(/\r?\n/)
  const reasons = new Map(flaws.map(({ line, field, message }) => [line, `${field} ${message}`.trim()]))
  return {
    ok: true,
    records: rows.filter(({ line }) => !reasons.has(line)).map(({ line, cells }) => ({ line, value: cells })),
    broken: [...reasons].map(([line, reason]) => ({ line, value: lines[line - 1] ?? '', reason })),
  }
}

type Parsed = { ok: true; value: unknown } | { ok: false; reason: string }

function parsed(text: string): Parsed {
  try {
    return { ok: true, value: JSON.parse(text) }
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) }
  }
}

function memberOf(value: unknown, member: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[member] : undefined
}
