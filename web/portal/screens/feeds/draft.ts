import { z } from 'zod'
import { type Feed, type FeedDelivery, type FeedForm, feedForm } from '../../../../schemas/grid/feeds.ts'
import { pairsIn } from '../../../shared/typed-lists.ts'

/** A feed of the registry as the form holds it: spans and fields as they are typed. */
export interface FeedDraft {
  feedId: string
  name: string
  owner: string
  format: string
  /** Spans, such as `15 min`. */
  cadence: string
  /** Empty: there is no separate state of lateness. */
  late: string
  silent: string
  /** One per line: `temperatureC: number or null`. */
  fields: string
}

const unitS = { s: 1, min: 60, h: 3_600, d: 86_400 } as const
/** The longest span that is taken: as the server keeps it. */
const mostS = 2_147_483_647

/** A span as a person types it, s: `90 s`, `15 min`, `2 h`, `31 d`; `null` if it is none. */
export function spanS(text: string): number | null {
  const [, digits = '', unit = ''] = /^(\d{1,10})\s*(s|min|h|d)$/.exec(text.trim()) ?? []
  if (digits === '') return null
  const seconds = Number(digits) * unitS[unit as keyof typeof unitS]
  return seconds >= 1 && seconds <= mostS ? seconds : null
}

/** A span in the greatest unit that it is a whole number of, as it is typed. */
export function spanText(seconds: number): string {
  const units = Object.entries(unitS).toReversed()
  const [unit, size] = units.find(([, size]) => seconds % size === 0) ?? ['s', 1]
  return `${seconds / size} ${unit}`
}

/** A draft of a new feed, or of one that is there. */
export function draftOf(feed: Feed | null): FeedDraft {
  if (!feed) return { feedId: '', name: '', owner: '', format: '', cadence: '', late: '', silent: '', fields: '' }
  return {
    feedId: feed.feedId,
    name: feed.name,
    owner: feed.owner,
    format: feed.format,
    cadence: spanText(feed.cadenceS),
    late: feed.amberS === null ? '' : spanText(feed.amberS),
    silent: spanText(feed.redS),
    fields: Object.entries(feed.fields)
      .map(([name, types]) => `${name}: ${typeof types === 'string' ? types : types.join(' or ')}`)
      .join('\n'),
  }
}

type Faults = Partial<Record<keyof FeedDraft, string>>

/** The draft as the API takes it, or what is wrong by field. @param taken identifiers of other feeds */
export function readFeedDraft(draft: FeedDraft, taken: readonly string[]): { given: FeedForm | null; faults: Faults } {
  const fields = readFields(draft.fields)
  const faults: Faults = { ...wordFaults(draft, taken), ...spanFaults(draft) }
  if (fields.fault !== null) faults.fields = fields.fault
  const read = feedForm.safeParse({
    name: draft.name.trim(),
    owner: draft.owner.trim(),
    format: draft.format.trim(),
    cadenceS: spanS(draft.cadence),
    amberS: draft.late.trim() === '' ? null : spanS(draft.late),
    redS: spanS(draft.silent),
    fields: fields.fields,
  })
  if (Object.keys(faults).length > 0) return { given: null, faults }
  return read.success
    ? { given: read.data, faults }
    : { given: null, faults: { fields: 'At most 200 fields can be agreed.' } }
}

function wordFaults({ feedId, name, owner, format }: FeedDraft, taken: readonly string[]): Faults {
  const faults: Faults = {}
  if (!/^[a-z0-9-]{1,100}$/.test(feedId))
    faults.feedId = 'Enter lower-case letters, digits and hyphens, such as weather-forecast. It stays for good.'
  else if (taken.includes(feedId)) faults.feedId = 'There is such a feed: open it in the list and change its terms.'
  if (name.trim() === '') faults.name = 'Enter a name, under which lists and alarms show the feed.'
  if (owner.trim() === '') faults.owner = 'Enter who answers for it, with an address or a number.'
  if (format.trim() === '') faults.format = 'Enter how it comes, such as JSON over HTTPS.'
  return faults
}

const likeSpan = 'Enter a number with s, min, h or d, such as 15 min.'

function spanFaults({ cadence, late, silent }: FeedDraft): Faults {
  const faults: Faults = {}
  const [lateS, silentS] = [spanS(late), spanS(silent)]
  if (spanS(cadence) === null) faults.cadence = likeSpan
  if (late.trim() !== '' && lateS === null) faults.late = `${likeSpan} Empty: no alarm before it is silent.`
  if (silentS === null) faults.silent = likeSpan
  if (lateS !== null && silentS !== null && lateS >= silentS) faults.late = 'Enter less than until it counts as silent.'
  return faults
}

const fieldTypes = z.array(z.enum(['string', 'number', 'boolean', 'object', 'array', 'null'])).min(1)

/** Reads `temperatureC: number or null`, a line each. */
function readFields(text: string): { fields: FeedForm['fields']; fault: string | null } {
  const fields: FeedForm['fields'] = {}
  for (const { line, name, value: words } of pairsIn(text, ':')) {
    const types = fieldTypes.safeParse(words.split(/\s*(?:,|\bor\b)\s*/))
    if (name === '' || !types.success)
      return {
        fields,
        fault: `“${line}” is not a field and its types: string, number, boolean, object, array, null.`,
      }
    if (Object.hasOwn(fields, name)) return { fields, fault: `${name} is there twice: leave one of them out.` }
    const [only, ...others] = types.data
    fields[name] = others.length === 0 && only ? only : types.data
  }
  return { fields, fault: null }
}

/** Records as they are pasted: a list of them, or one. */
export function readRecords(text: string): { ok: true; given: FeedDelivery } | { ok: false; fault: string } {
  let read: unknown
  try {
    read = JSON.parse(text)
  } catch {
    return { ok: false, fault: 'This is not JSON: paste a record, such as {"temperatureC": 6.5}, or a list of them.' }
  }
  const records = Array.isArray(read) ? read : [read]
  if (records.length === 0) return { ok: false, fault: 'The list is empty: paste at least one record.' }
  if (records.length > 10_000) return { ok: false, fault: 'At most 10,000 records are taken at once.' }
  return { ok: true, given: { records } }
}
