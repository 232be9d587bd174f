import { readCsv, writeCsv } from '../../platform/csv/index.ts'
import type { FeedFormat } from '../../schemas/fsp/feeds/formats.ts'

/**
 * Names under which suppliers send where a vehicle is. A position is personal data of its driver (UK GDPR): it is compared with the place
 * of the depot and then forgotten, in what is kept of the files as well.
 */
const isPlace = /lat|lon|lng|gps|geo|coord|position|address|location|postcode|heading/i

/** Whether what a feed brings can say where a person is. */
export function mayHavePlaces({ kind }: Pick<FeedFormat, 'kind'>): boolean {
  return kind === 'telematics' || kind === 'trips'
}

/** A record without positions, at any depth. @param named fields that are known to hold them. */
export function withoutPlaces(value: unknown, named: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) return value.map((each) => withoutPlaces(each, named))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([field]) => !named.has(field) && !isPlace.test(field))
      .map(([field, inner]) => [field, withoutPlaces(inner, named)]),
  )
}

/** The text of a file without positions, in its own form; `null` if it has no form that is known. */
export async function textWithoutPlaces(text: string, named: ReadonlySet<string>): Promise<string | null> {
  const [first] = text.trimStart()
  if (first === '[' || first === '{') return jsonWithoutPlaces(text, named)
  const { headings, rows } = await readCsv(text, { maxRows: 5_000_000 })
  if (headings.length < 2) return null
  const stay = headings.filter((heading) => !named.has(heading) && !isPlace.test(heading))
  return writeCsv(
    stay,
    rows.map(({ cells }) => stay.map((heading) => cells[heading] ?? null)),
  )
}

function jsonWithoutPlaces(text: string, named: ReadonlySet<string>): string | null {
  try {
    return JSON.stringify(withoutPlaces(JSON.parse(text), named))
  } catch {
    // An object a line: what is no JSON is left out, as nobody knows what it says.
    const lines = text.split('\n').flatMap((line) => {
      try {
        return [JSON.stringify(withoutPlaces(JSON.parse(line), named))]
      } catch {
        return []
      }
    })
    return lines.length > 0 ? lines.join('\n') : null
  }
}
