import { z } from 'zod'

/*
 * Bounds of what callers send (OWASP ASVS 5.0, 2.2.1 and 15.2.2): a member without one lets a single request fill the disk. Each bound is far
 * above what the field needs, so that it stops only nonsense. `bounds.test.ts` finds every string and list that has none.
 */

/** An identifier that others choose: of a client, a network node, a depot. */
export const identifier = z.string().max(200)

/** One or two sentences: a reason, a note. */
export const shortText = z.string().max(2_000)

/** An address on the web; browsers and proxies take no longer ones either. */
export const webAddress = z.url().max(2_000)

/** An e-mail address: RFC 5321 section 4.5.3.1 allows 254 characters. */
export const emailAddress = z.email().max(254)

/** A JSON object with members that others name. */
export function boundedRecord<V extends z.ZodType>(value: V, most: number) {
  return z
    .record(z.string().max(200), value)
    .refine((members) => Object.keys(members).length <= most, { message: `must have at most ${most} members` })
    .meta({ maxProperties: most })
}

/** Any JSON, kept as it is. @param mostCharacters of its text. */
export function boundedJson(mostCharacters: number) {
  return z
    .unknown()
    .refine((value) => (JSON.stringify(value) ?? '').length <= mostCharacters, {
      message: `must be at most ${mostCharacters} characters of JSON`,
    })
    .meta({ 'x-maxBytes': mostCharacters })
}
