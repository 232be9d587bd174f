import type { z } from 'zod'
import { providerId as providerIdForm } from '../../../../schemas/access/data-providers.ts'
import { type DataFeed, type DataFeedKind, dataFeedForm } from '../../../../schemas/planning/data-feeds.ts'
import { linesIn, pairsIn } from '../../../shared/typed-lists.ts'
import { type Figure, figureFault, figureText, readFigure } from '../planning/figures.ts'

/** A feed as the form holds it: figures and lists as they are typed. */
export interface DataFeedDraft {
  feedId: string
  name: string
  providerId: string
  kind: DataFeedKind
  customerId: string
  /** One per line: `startedAt = pickup_time`. */
  columns: string
  /** A heading a line. */
  passedOver: string
  zone: '' | 'UTC' | 'Europe/London'
  coordinates: 'EPSG:27700' | 'EPSG:4326'
  /** Whether the file comes again and again. */
  comesAgain: boolean
  everyDays: string
  lateAfterDays: string
  failedAfterDays: string
  mostRejectedPercent: string
  keepDays: string
  isActive: boolean
}

const days = { unit: 'days', least: 1, most: 3_660, isWhole: true } as const

export const dataFeedFigures = {
  everyDays: { ...days, label: 'A file comes every' },
  lateAfterDays: { ...days, label: 'Late after', hint: 'An alarm is raised when no file has come for this long.' },
  failedAfterDays: { ...days, label: 'Failed after', hint: 'The alarm is then of high priority.' },
  mostRejectedPercent: {
    label: 'Rows that may be rejected',
    unit: '%',
    least: 0,
    most: 50,
    hint: 'Up to this share the other rows are taken. Above it nothing is, and the file waits here.',
  },
  keepDays: {
    ...days,
    label: 'A file is kept for',
    hint: 'As it came, to be read again. Trips never longer than the setting for trips says.',
  },
} as const satisfies Partial<Record<keyof DataFeedDraft, Figure>>

/** A draft of a new feed, or of what is agreed. */
export function draftOf(feed: DataFeed | null): DataFeedDraft {
  const { rhythm } = feed ?? {}
  const everyDays = rhythm ? rhythm.everyDays : 31
  return {
    feedId: feed?.feedId ?? '',
    name: feed?.name ?? '',
    providerId: feed?.providerId ?? '',
    kind: feed?.kind ?? 'trips',
    customerId: feed?.customerId ?? '',
    columns: Object.entries(feed?.columns ?? {})
      .map(([column, heading]) => `${column} = ${heading}`)
      .join('\n'),
    passedOver: (feed?.passedOver ?? []).join('\n'),
    zone: feed?.zone ?? '',
    coordinates: feed?.coordinates ?? 'EPSG:27700',
    comesAgain: everyDays !== null,
    everyDays: String(everyDays ?? 31),
    lateAfterDays: String(rhythm?.lateAfterDays ?? 35),
    failedAfterDays: String(rhythm?.failedAfterDays ?? 45),
    mostRejectedPercent: figureText(feed?.mostRejectedPercent ?? 1, dataFeedFigures.mostRejectedPercent),
    keepDays: String(feed?.keepDays ?? 400),
    isActive: feed?.isActive ?? true,
  }
}

type Faults = Partial<Record<keyof DataFeedDraft, string>>

/** The draft as the API takes it, or what is wrong by field. @param taken identifiers of other feeds */
export function readDataFeedDraft(
  draft: DataFeedDraft,
  taken: readonly string[],
): { given: z.infer<typeof dataFeedForm> | null; faults: Faults } {
  const { columns, faults: columnFault } = readColumns(draft.columns)
  const faults: Faults = { ...whoFaults(draft, taken), ...figureFaults(draft) }
  if (columnFault) faults.columns = columnFault
  if (Object.keys(faults).length > 0) return { given: null, faults }
  const figure = (name: keyof typeof dataFeedFigures) => readFigure(draft[name], dataFeedFigures[name]) ?? 0
  const read = dataFeedForm.safeParse({
    name: draft.name.trim(),
    providerId: draft.providerId,
    kind: draft.kind,
    customerId: draft.kind === 'site-history' ? draft.customerId : null,
    columns,
    passedOver: draft.kind === 'trips' ? linesIn(draft.passedOver) : [],
    ...(draft.zone === '' ? {} : { zone: draft.zone }),
    coordinates: draft.coordinates,
    rhythm: {
      everyDays: draft.comesAgain ? figure('everyDays') : null,
      lateAfterDays: figure('lateAfterDays'),
      failedAfterDays: figure('failedAfterDays'),
    },
    mostRejectedPercent: figure('mostRejectedPercent'),
    keepDays: figure('keepDays'),
    isActive: draft.isActive,
  })
  return read.success ? { given: read.data, faults } : { given: null, faults: tooMuch(read.error) }
}

function whoFaults({ feedId, name, providerId, kind, customerId }: DataFeedDraft, taken: readonly string[]): Faults {
  const id = identifierFault(feedId, taken)
  return {
    ...(id ? { feedId: id } : {}),
    ...(name.trim() === '' ? { name: 'Enter a name, under which lists and alarms show the feed.' } : {}),
    ...(providerId === '' ? { providerId: 'Choose who delivers it.' } : {}),
    ...(kind === 'site-history' && customerId === ''
      ? { customerId: 'Choose the customer whose sites they are.' }
      : {}),
  }
}

/** Why an identifier cannot be a new feed’s or data provider’s; `undefined` if it can. @param taken those that are in use */
export function identifierFault(id: string, taken: readonly string[]): string | undefined {
  if (id === '') return 'Enter an identifier, such as city-rides. It stays for good.'
  if (!providerIdForm.safeParse(id).success) return 'Use lower-case letters, digits and hyphens only, at most 100.'
  return taken.includes(id) ? 'It is in use: choose another.' : undefined
}

function figureFaults(draft: DataFeedDraft): Faults {
  const names = Object.keys(dataFeedFigures) as (keyof typeof dataFeedFigures)[]
  const asked = names.filter((name) => draft.comesAgain || name !== 'everyDays')
  const faults: Faults = {}
  for (const name of asked) {
    const fault = figureFault(draft[name], dataFeedFigures[name])
    if (fault) faults[name] = fault
  }
  const [every, late, failed] = [draft.everyDays, draft.lateAfterDays, draft.failedAfterDays].map(Number)
  if (draft.comesAgain && !faults.everyDays && !faults.lateAfterDays && Number(late) < Number(every))
    faults.lateAfterDays = 'A file cannot be late before it is due: enter at least the days from one to the next.'
  if (!faults.lateAfterDays && !faults.failedAfterDays && Number(failed) <= Number(late))
    faults.failedAfterDays = 'Enter more days than until it is late.'
  return faults
}

/** Reads `column = heading`, a line each. */
function readColumns(text: string): { columns: Record<string, string>; faults: string | null } {
  const columns: Record<string, string> = {}
  for (const { line, name: column, value: heading } of pairsIn(text, '=')) {
    if (column === '') return { columns, faults: `“${line}” is not a column and its heading: startedAt = pickup_time.` }
    if (Object.hasOwn(columns, column)) return { columns, faults: `${column} is there twice: leave one of them out.` }
    columns[column] = heading
  }
  return { columns, faults: null }
}

/** What is left to be wrong: lists that are longer than the API takes. */
function tooMuch({ issues }: z.ZodError): Faults {
  const wrong = (field: string) => issues.some(({ path: [first] }) => first === field)
  const tooLong = 'This is more than a feed can have: at most'
  return {
    ...(wrong('columns') ? { columns: `${tooLong} 50 columns, each heading of 200 characters.` } : {}),
    ...(wrong('passedOver') ? { passedOver: `${tooLong} 100 headings of 200 characters each.` } : {}),
    ...(wrong('name') ? { name: `${tooLong} 100 characters.` } : {}),
  }
}
