import { Instant } from '@js-joda/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cut, type Interval, inQuarterHours, joined } from './intervals.ts'
import { type LiveInstruction, reconcile } from './reconcile.ts'
import { liveStates } from './states.ts'

const at = (time: string) => Instant.parse(`2026-01-15T${time}:00Z`)
/** `17:00–18:00 30` as an interval. */
const interval = (text: string): Interval => {
  const [span = '', turnDownW] = text.split(' ')
  const [from = '', to = ''] = span.split('–')
  return { from: at(from), to: at(to), turnDownW: Number(turnDownW) }
}
const time = (instant: Instant) => instant.toString().slice(11, 16)
const text = (parts: readonly Interval[]) => parts.map((i) => `${time(i.from)}–${time(i.to)} ${i.turnDownW}`).join(', ')
const intervals = (given: string) => (given === '' ? [] : given.split(', ').map(interval))

function live(given: string, change: Partial<LiveInstruction> = {}): LiveInstruction {
  const parts = intervals(given)
  const [from, to] = [parts[0]?.from ?? at('00:00'), parts.at(-1)?.to ?? at('00:00')]
  return { fuId: 'fu', state: 'acknowledged', supersedes: null, from, to, intervals: parts, ...change }
}

const scope = { from: at('17:30'), to: at('19:00') }
const unheard = { state: 'planned' as const }
const revision = { state: 'planned' as const, supersedes: 'the one before' }

/** What is held, what is wanted, and what follows. */
const table: [string, LiveInstruction[], string, { keep?: string; supersede?: string; issue?: string }][] = [
  ['nothing held, nothing wanted', [], '', {}],
  ['nothing held', [], '17:30–18:00 30', { issue: '17:30–18:00 30' }],
  ['0 W wanted, nothing held', [], '17:30–17:45 0', { issue: '17:30–17:45 0' }],
  ['the same', [live('17:30–18:00 30')], '17:30–18:00 30', { keep: '17:30–18:00 30' }],
  ['0 W held, nothing wanted', [live('17:30–18:00 0')], '', { keep: '17:30–18:00 0' }],
  ['another turn-down', [live('17:30–18:00 30')], '17:30–18:00 20', { supersede: '17:30–18:00 20 @17:30' }],
  ['nothing wanted of what was sent', [live('17:30–18:00 30')], '', { supersede: '17:30–18:00 0 @17:30' }],
  ['nothing wanted of what was not sent', [live('17:30–18:00 30', unheard)], '', { supersede: 'none' }],
  [
    'nothing wanted of a change not sent',
    [live('17:30–18:00 30', revision)],
    '',
    { supersede: '17:30–18:00 0 @17:30' },
  ],
  ['a turn-down under way', [live('17:00–18:00 30')], '', { supersede: '17:00–17:30 30, 17:30–18:00 0 @17:30' }],
  ['all of it past', [live('17:00–17:30 30')], '17:30–18:00 20', { issue: '17:30–18:00 20' }],
  ['one that outlasts the span', [live('18:30–19:30 30')], '', { supersede: '18:30–19:00 0, 19:00–19:30 30 @18:30' }],
  [
    'one in the middle of what is wanted',
    [live('18:00–18:15 30')],
    '17:30–19:00 30',
    { keep: '18:00–18:15 30', issue: '17:30–18:00 30; 18:15–19:00 30' },
  ],
]

describe('reconciling', () => {
  test.each(table)('%s', (_, held, wanted, expected) => {
    const result = reconcile(held, new Map([['fu', intervals(wanted)]]), scope)
    expect({
      keep: result.keep.map((row) => text(row.intervals)).join('; '),
      supersede: result.supersede
        .map(({ successor }) => (successor ? `${text(successor.intervals)} @${time(successor.changesAt)}` : 'none'))
        .join('; '),
      issue: result.issue.map((each) => text(each.intervals)).join('; '),
    }).toEqual({ keep: '', supersede: '', issue: '', ...expected })
  })

  test('an emergency ends at once, by 0 W alone', () => {
    const { supersede } = reconcile([live('17:00–18:00 30')], new Map(), { ...scope, isEmergency: true })
    expect(supersede.map(({ successor }) => text(successor?.intervals ?? []))).toEqual(['17:30–18:00 0'])
  })
})

const day = at('00:00')
const quarter = (i: number) => day.plusSeconds(i * 900)
const turnDown = fc.constantFrom(0, 10, 20, 30)
/** Turn-downs of a row of quarter-hours from midnight; `null` for none. */
const quarters = fc.array(fc.option(turnDown, { freq: 2 }), { minLength: 8, maxLength: 24 })
const intervalsFrom = (values: readonly (number | null)[], first = 0) =>
  joined(
    values.flatMap((w, i) =>
      w === null ? [] : [{ from: quarter(first + i), to: quarter(first + i + 1), turnDownW: w }],
    ),
  )

/** Instructions of an FU, one after another, each with a gap before it. */
const rows = fc
  .array(
    fc.record({
      gap: fc.nat(4),
      values: fc.array(fc.option(turnDown, { freq: 4 }), { minLength: 1, maxLength: 8 }),
      state: fc.constantFrom(...liveStates),
      supersedes: fc.constantFrom(null, 'the one before'),
    }),
    { maxLength: 4 },
  )
  .map((given) => {
    let next = 0
    return given.flatMap(({ gap, values, state, supersedes }): LiveInstruction[] => {
      const parts = intervalsFrom(values, next + gap)
      next += gap + values.length
      const [first, last] = [parts[0], parts.at(-1)]
      return first && last ? [{ fuId: 'fu', state, supersedes, from: first.from, to: last.to, intervals: parts }] : []
    })
  })

/** What is instructed, quarter-hour by quarter-hour, where anything is turned down. */
function instructed(held: readonly { intervals: readonly Interval[] }[], span: { from: Instant; to: Instant }) {
  const parts = held.flatMap((row) => inQuarterHours(cut(row.intervals, span))).filter((part) => part.turnDownW > 0)
  return parts.map((part) => `${part.from} ${part.turnDownW}`).sort()
}

function applied(held: readonly LiveInstruction[], result: ReturnType<typeof reconcile<LiveInstruction>>) {
  const replaced = new Set(result.supersede.map(({ instruction }) => instruction))
  const made = [
    ...result.supersede.flatMap(({ instruction, successor }) =>
      successor ? [{ intervals: successor.intervals, supersedes: 'heard of', old: instruction }] : [],
    ),
    ...result.issue.map(({ intervals: parts }) => ({ intervals: parts, supersedes: null })),
  ].map(({ intervals: parts, supersedes }): LiveInstruction => {
    const [first, last] = [parts[0], parts.at(-1)]
    if (!first || !last) throw new Error('an instruction without an interval')
    return { fuId: 'fu', state: 'planned', supersedes, from: first.from, to: last.to, intervals: parts }
  })
  return [...held.filter((row) => !replaced.has(row)), ...made]
}

test('what is instructed after it is what is wanted, the past stays, and a second time changes nothing', () => {
  fc.assert(
    fc.property(rows, quarters, fc.nat(12), fc.integer({ min: 1, max: 16 }), (held, values, first, length) => {
      const span = { from: quarter(first), to: quarter(first + length) }
      const wanted = new Map([['fu', intervalsFrom(values)]])
      const result = reconcile(held, wanted, span)
      const after = applied(held, result)
      expect(instructed(after, span)).toEqual(instructed([{ intervals: wanted.get('fu') ?? [] }], span))
      // Of what no FSP has heard of, what has not begun by now does not begin any more.
      const isKnown = (row: LiveInstruction) =>
        row.state !== 'planned' || row.supersedes !== null || !row.from.isBefore(span.from)
      const past = { from: day, to: span.from }
      const kept = after.filter((row) => isKnown(row) || held.includes(row))
      const dropped = result.supersede.filter(({ instruction }) => !isKnown(instruction)).map((r) => r.instruction)
      expect(instructed([...kept, ...dropped], past)).toEqual(instructed(held, past))
      const beyond = { from: span.to, to: quarter(200) }
      expect(instructed(after, beyond)).toEqual(instructed(held, beyond))
      const again = reconcile(after, wanted, span)
      expect([again.supersede, again.issue]).toEqual([[], []])
      for (const [i, row] of after.toSorted((a, b) => a.from.compareTo(b.from)).entries()) {
        const next = after.toSorted((a, b) => a.from.compareTo(b.from))[i + 1]
        if (next) expect(next.from.isBefore(row.to)).toBe(false)
      }
    }),
    { numRuns: 500 },
  )
})
