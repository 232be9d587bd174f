/** Reads a part of an address; `undefined`: it is missing, or makes no sense and is taken as missing, rather than failing the page. */
export type SearchPart<T> = (given: unknown) => T | undefined

/** Any text. */
export const text: SearchPart<string> = (given) => (typeof given === 'string' ? given : undefined)

/** A yes or no. */
export const yesOrNo: SearchPart<boolean> = (given) => (typeof given === 'boolean' ? given : undefined)

/** A whole number of a range. */
export function whole(from = Number.MIN_SAFE_INTEGER, to = Number.MAX_SAFE_INTEGER): SearchPart<number> {
  return (given) =>
    Number.isInteger(given) && Number(given) >= from && Number(given) <= to ? Number(given) : undefined
}

/** One of some words; every word of the type has to be named. */
export function oneOf<T extends string>(words: Readonly<Record<T, true>>): SearchPart<T> {
  return (given) => (typeof given === 'string' && Object.hasOwn(words, given) ? (given as T) : undefined)
}

/** A trading day, `YYYY-MM-DD`, that the calendar has. */
export const day: SearchPart<string> = (given) => {
  if (typeof given !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(given)) return undefined
  const ms = Date.parse(`${given}T00:00Z`)
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(given) ? given : undefined
}

/** A month, `YYYY-MM`. */
export const month: SearchPart<string> = (given) =>
  typeof given === 'string' && day(`${given}-01`) !== undefined ? given : undefined

type Parts = Readonly<Record<string, SearchPart<unknown>>>
type Search<P extends Parts> = { [K in keyof P]?: ReturnType<P[K]> }

/**
 * What stands behind the `?` of an address, part by part. A part that makes no sense is stated as `undefined`: the router lays what is
 * read over what is there, so that a part that were left out would stay.
 */
export function searchOf<P extends Parts>(parts: P): (given: Record<string, unknown>) => Search<P> {
  return (given) =>
    Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, part(given[name])])) as Search<P>
}
