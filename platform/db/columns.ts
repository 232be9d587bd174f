import { Instant, LocalDate } from '@js-joda/core'
import { customType } from 'drizzle-orm/pg-core'

/** A `timestamptz` as an Instant; PostgreSQL's microseconds are cut to milliseconds, the precision of everything written. */
export const instant = customType<{ data: Instant; driverData: string }>({
  dataType: () => 'timestamp with time zone',
  toDriver: (value) => value.toString(),
  fromDriver: toInstant,
})

/** A `date` as a LocalDate: a trading day. */
export const localDate = customType<{ data: LocalDate; driverData: string }>({
  dataType: () => 'date',
  toDriver: (value) => value.toString(),
  fromDriver: (value) => dateOf(String(value)),
})

/** Parses `YYYY-MM-DD`, as PostgreSQL writes a date; much faster than the general parser. */
function dateOf(text: string): LocalDate {
  return LocalDate.of(Number(text.slice(0, 4)), Number(text.slice(5, 7)), Number(text.slice(8, 10)))
}

/** A raw `timestamptz`, from a query that bypasses column types, as an Instant. */
export function toInstant(value: string | Date): Instant {
  return Instant.ofEpochMilli(value instanceof Date ? value.getTime() : Date.parse(value))
}

/** The values of an enum of the contracts, for a text column that holds one of them: `text({ enum: optionsOf(product) })`. */
export function optionsOf<T extends string>({ options }: { readonly options: readonly T[] }): [T, ...T[]] {
  return options as [T, ...T[]]
}
