import type { PlanAsset } from '../../../../../schemas/planning/sites/assets.ts'
import { isSameData } from '../../../../shared/same-data.ts'
import { daysInWords } from '../words.ts'
import { type FormKind, type MemberWords, members } from './members.ts'

/** An asset as it is compared: what it is called, and what it holds. */
export interface Compared {
  name: string
  content: Readonly<Record<string, unknown>>
}

/** Something that two people have changed, or one of them. */
export interface Difference {
  label: string
  began: string
  theirs: string
  mine: string
}

/** What differs between what an editor began with, what another one stored meanwhile, and what was entered. */
export function differencesOf(
  kind: FormKind,
  versions: { began: Compared; theirs: Compared; mine: Compared },
  assets: readonly PlanAsset[],
): Difference[] {
  const { began, theirs, mine } = versions
  const line = (label: string, of: (version: Compared) => unknown, words: MemberWords): Difference[] => {
    const all = [of(began), of(theirs), of(mine)] as const
    if (isSameData(all[0], all[1]) && isSameData(all[0], all[2])) return []
    const [a, b, c] = all.map((value) => valueInWords(value, words, assets))
    return [{ label, began: a ?? '', theirs: b ?? '', mine: c ?? '' }]
  }
  return [
    ...line('Name', ({ name }) => name, { label: 'Name' }),
    ...Object.entries(members[kind]).flatMap(([member, words]) =>
      line(words.label, ({ content }) => content[member], words),
    ),
  ]
}

/** A value as people read it. */
function valueInWords(value: unknown, { unit, input, options }: MemberWords, assets: readonly PlanAsset[]): string {
  if (value === null || value === undefined || value === '') return 'not stated'
  if (input === 'days') return daysInWords(value as number[])
  if (input === 'bands') return (value as BandLike[]).map(bandInWords).join('; ') || 'none'
  if (input === 'ev-type' || input === 'charge-point-type')
    return assets.find(({ assetId }) => assetId === value)?.name ?? 'no longer there'
  if (options) return options[String(value)] ?? String(value)
  return unit === '£' ? `£${value}` : [String(value), unit].filter(Boolean).join(' ')
}

interface BandLike {
  days: number[]
  from: string
  to: string
  pencePerKwh: string | number
}

function bandInWords({ days, from, to, pencePerKwh }: BandLike): string {
  return `${daysInWords(days)} ${from} to ${to}: ${pencePerKwh} p/kWh`
}
